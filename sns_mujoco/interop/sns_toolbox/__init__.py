"""A stand-in for SNS-Toolbox 1.5: its scripts run after a change of imports.

    from sns_mujoco.interop.sns_toolbox.networks import Network  # instead of: from sns_toolbox.networks import Network

Modules, classes and calls are those of SNS-Toolbox (Nourse et al. 2023, Biomimetics 8(2):247), and so are the numbers,
with all peculiarities: this is `compile(semantics="sns-toolbox")` of `sns_mujoco.network` under other names. What the
original cannot do because of a mistake (spiking matrices and patterns, patterns in one dimension, ion channels given
as arrays, copies of networks) works here.

What differs. Parameters that make no sense (a capacitance of zero, a negative conductance) are refused. All backends
run on the compiled core in double precision; "torch" and "sparse" take and return tensors of torch's default dtype on
the device asked for, but carry no gradients: for these, take the network on with
`sns_mujoco.interop.from_sns_toolbox`. "iterative" prints nothing unless `debug` is set. Pictures are SVG files drawn
without graphviz. Compiled models are not saved, which SNS-Toolbox does by pickling them: save the network.
"""
