"""How a nervous system is stepped: one `Program` of flat arrays, and the backends that step it."""
