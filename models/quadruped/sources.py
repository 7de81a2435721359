"""Where the quadruped's numbers come from; README.md says more."""

from ..animal import Source

EVOLVED = "designed by hand and evolved by CMA-ES (README.md), not measured"

SOURCES = (
    Source(
        of="body",
        what="mass, height of the hip, segments",
        citation="in the range and the proportions of domestic cats; not measured",
    ),
    Source(of="muscles", what="curves", citation="De Groote et al. 2016, Ann Biomed Eng 44:2922"),
    Source(of="muscles", what="forces, lengths and attachments", citation="sized by the task, not measured"),
    Source(of="neurons", what="half-centres", citation="Brown 1911, Proc R Soc B 84:308"),
    Source(of="neurons", what="swing keeps its duration", citation="Halbertsma 1983, Acta Physiol Scand Suppl 521"),
    Source(of="neurons", what="parameters", citation=EVOLVED),
    Source(of="synapses", what="pathways between limbs", citation="Danner et al. 2017, eLife 6:e31050, simplified"),
    Source(
        of="synapses",
        what="load and hip position on the transitions",
        citation="Duysens & Pearson 1980, Brain Res 187:321; Ekeberg & Pearson 2005, J Neurophysiol 94:4256; Grillner "
        "& Rossignol 1978, Brain Res 146:269",
    ),
    Source(of="synapses", what="conductances", citation=EVOLVED),
    Source(of="afferents", what="ranges and noise", citation=EVOLVED),
    Source(of="efferents", what="activation by potential", citation="0 to 20 mV, the range of the network's design"),
)
