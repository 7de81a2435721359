"""Where the rat's numbers come from; README.md says more."""

from ..animal import Source

DENG = "Deng et al. 2019, Biomimetics 4(1):21, AnimatLab project rat_hindlimbs.asim"

SOURCES = (
    Source(of="body", what="masses of femur, tibia, foot and pelvis; hinges, limits and attachments", citation=DENG),
    Source(
        of="body",
        what="length of the foot and its centre of mass; mass of the spine",
        citation="Nourse et al. 2023, Biomimetics 8(2):247",
    ),
    Source(of="body", what="joint springs, armature, contacts and trunk guide", citation="tuned, not measured"),
    Source(of="muscles", what="all numbers", citation=DENG),
    Source(of="neurons", what="membranes, persistent sodium", citation=DENG),
    Source(of="neurons", what="rhythm generator: time constant, drive", citation="tuned by hand"),
    Source(of="synapses", what="of each leg below the rhythm generator", citation=DENG),
    Source(of="synapses", what="commissures (V0d)", citation="Danner et al. 2017, eLife 6:e31050"),
    Source(of="synapses", what="shares of feedback and of the knee extensor's command", citation="tuned by hand"),
    Source(of="afferents", what="stretch receptors (Ia, II), tension receptors (Ib) and their gains", citation=DENG),
    Source(of="efferents", what="stimulus-tension curves", citation=DENG),
)
