"""The parts of the Python zygote.

    zygote        the loop over the server's frames
    protocol      frames on the two pipes
    invocation    one fork, from the first frame to END
    result_meter  where the result message ends
    scratch       /tmp and /dev/shm as they were
    kernel        what only a system call can say
    warmth        modules imported ahead of the fork
    compilation   a script's source to code, in a process of its own
    program       source to code
    toplevel      `return` outside a function
    child         from the fork to the script's first statement
    script        the script's run as __main__, and its end
    result        the message that says how it ended

The last three go on running after the script's code has, in its process: whatever it did to the standard
library and to builtins, they hold their own references.
"""
