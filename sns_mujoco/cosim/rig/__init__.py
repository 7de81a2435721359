"""The physiologist's rig: protocols applied to an animal inside its model, at the exact step.

What flows continuously, currents, clamps, commands, failures and forces, is applied natively by a second engine plugin,
`sns_mujoco.stimulator`, from a table in the model. What changes numbers of the model, synapses, channels, masses and
friction, is done between native stretches that end at the exact step.
"""
