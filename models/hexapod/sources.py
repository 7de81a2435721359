"""Where the hexapod's numbers come from; README.md says more."""

from ..animal import Source

SOURCES = (
    Source(of="body", what="mass and length", citation="Othayoth & Li 2021, eLife 10:e60233"),
    Source(of="body", what="masses of the hind leg", citation="Kram, Wong & Full 1997, J Exp Biol 200:1919"),
    Source(of="body", what="damping of the legs", citation="Dudek & Full 2007, J Exp Biol 210:3209"),
    Source(
        of="body",
        what="lengths of segments; masses of middle and front legs; soft stops of the joints",
        citation="estimated or tuned, not measured; that passive forces rule unloaded legs of small animals: Hooper et "
        "al. 2009, J Neurosci 29:4109",
    ),
    Source(
        of="neurons",
        what="half-centre and its slow variable",
        citation="Szczecinski, Hunt & Quinn 2017, Biol Cybern 111:105",
    ),
    Source(of="neurons", what="adaptation of load (hold)", citation="Ridgel et al. 2000, J Comp Physiol A 186:359"),
    Source(
        of="synapses",
        what="design of conductances, and those that set postures",
        citation="Szczecinski, Hunt & Quinn 2017, Front Neurorobot 11:37",
    ),
    Source(
        of="synapses",
        what="between legs: rules 1 to 3",
        citation="Cruse 1990, Trends Neurosci 13:15; Dürr, Schmitz & Cruse 2004, Arthropod Struct Dev 33:237",
    ),
    Source(
        of="synapses",
        what="load and position on the transitions",
        citation="Wong & Pearson 1976, J Exp Biol 64:233; Zill, Schmitz & Büschges 2004, Arthropod Struct Dev 33:273; "
        "Ekeberg, Blümel & Büschges 2004, Arthropod Struct Dev 33:287",
    ),
    Source(
        of="synapses",
        what="release by a neighbour that takes over the load",
        citation="Zill, Keller & Duke 2009, J Neurophysiol 101:2297; Dallmann et al. 2017, Proc R Soc B 284:20171755",
    ),
    Source(of="afferents", what="ranges and noise", citation="chosen for this body's angles and loads, not measured"),
    Source(
        of="efferents",
        what="position servos in place of muscles",
        citation="as stiff as keeps the body's sag on three legs below a millimetre",
    ),
)
