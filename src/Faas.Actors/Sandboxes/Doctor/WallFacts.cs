namespace Faas.Actors.Sandboxes.Doctor;

/// <summary>What <c>walls.py</c> found.</summary>
/// <param name="Pid">Its process id; 1 is the zygote's.</param>
/// <param name="Capabilities">Its capability sets, hexadecimal, as /proc/self/status has them.</param>
/// <param name="NoNewPrivileges">prctl(2) PR_SET_NO_NEW_PRIVS.</param>
/// <param name="Seccomp">Seccomp's mode; 2 is a filter.</param>
/// <param name="NewNamespace">It could make a user namespace.</param>
/// <param name="Interfaces">The network interfaces that it sees.</param>
/// <param name="Reaches">Why it cannot reach an address outside; null: it can.</param>
/// <param name="Writable">Files that it could open for writing and should not.</param>
/// <param name="Environment">Names of environment variables of it and of every process it may look at.</param>
/// <param name="Processors">Processor seconds a second that many of its processes got; null: the machine has too few processors to tell.</param>
/// <param name="Threads">Threads that it could start; null: the limit is too high to try.</param>
/// <param name="TmpBytes">Size of its /tmp.</param>
public sealed record WallFacts(
    int Pid,
    IReadOnlyList<string> Capabilities,
    bool NoNewPrivileges,
    int Seccomp,
    bool NewNamespace,
    IReadOnlyList<string> Interfaces,
    string? Reaches,
    IReadOnlyList<string> Writable,
    IReadOnlyList<string> Environment,
    double? Processors,
    int? Threads,
    long TmpBytes);
