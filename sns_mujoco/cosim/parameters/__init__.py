"""Parameters of the individuals of a population: a table of what may differ, and rows of what does."""

from sns_mujoco.cosim.parameters.finding import parameters_of
from sns_mujoco.cosim.parameters.rows import ParameterRows
from sns_mujoco.cosim.parameters.table import Parameter, ParameterTable
from sns_mujoco.cosim.parameters.written import changed_muscles, written_into

__all__ = ["Parameter", "ParameterRows", "ParameterTable", "changed_muscles", "parameters_of", "written_into"]
