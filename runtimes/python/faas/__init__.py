"""The parts of the Python zygote: `zygote`, `script`, `kernel`. runtimes/README.md says what is in each."""
