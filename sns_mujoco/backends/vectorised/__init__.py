"""One step over whole arrays, written once for numpy and torch: the equations of `program.py`, family by family.

`step.py` has the order of the step; each other module has the equations of some families as small functions of
operations `xp` (`operations.py`: numpy's or torch's), arrays `p` (`arrays.py`: a `Program` with what follows from it)
and the state: a dictionary from the names of `StateLayout` to arrays [..., size], where `...` stands for any batch
dimensions. Nothing is changed in place, so torch can differentiate through any number of steps.
"""
