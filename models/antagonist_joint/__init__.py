"""One joint, two muscles and the spinal circuit between them. See README.md beside."""
