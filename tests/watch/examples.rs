//! The examples of schedulers say what the program understands.
