"""The parts of the Python zygote.

    zygote        the loop over the server's frames
    protocol      frames on the pipes
    invocation    one request, from its order to END
    fork          the process forked ahead for it
    result_meter  where the result message ends
    scratch       /tmp and /dev/shm as they were
    kernel        what only a system call can say
    pages         pages that a fork needs, made its own at once
    rehearsal     which pages those are
    warmth        modules imported ahead of the fork
    compilation   a script's source to code, in a process of its own
    program       source to code
    toplevel      `return` outside a function
    script        what the server has bound the sandbox to
    child         from the fork to the wait for an order
    life          the wait, and what can be done before it
    orders        the pipe that orders come on
    run           the script's run as __main__, and its end
    shared_run    its runs in one process
    result        the message that says how it ended

The last four go on running after the script's code has, in its process: whatever it did to the standard
library and to builtins, they hold their own references.
"""
