"""A ray caster on the processor: what films the animal where there is no OpenGL."""
