"""Where the antagonist joint's numbers come from; README.md says more."""

from ..animal import Source

MARKIN = "Markin et al. 2010, Ann N Y Acad Sci 1198:21"

SOURCES = (
    Source(of="body", what="limb, attachments, ground reaction", citation=MARKIN),
    Source(of="muscles", what="greatest forces and optimal lengths", citation=MARKIN),
    Source(of="muscles", what="curves", citation="De Groote et al. 2016, Ann Biomed Eng 44:2922"),
    Source(
        of="neurons",
        what="rhythm generator and interneurons",
        citation=f"{MARKIN}; Spardy et al. 2011, J Neural Eng 8:065003 and 8:065004",
    ),
    Source(of="synapses", what="rhythm and feedback", citation=f"{MARKIN}; Spardy et al. 2011, J Neural Eng 8:065003"),
    Source(of="afferents", what="spindles and tendon organs", citation=MARKIN),
    Source(of="afferents", what="conduction velocities", citation="Hunt 1954, J Gen Physiol 38:117"),
    Source(of="efferents", what="activation of the muscles by potential", citation="chosen for this network"),
)
