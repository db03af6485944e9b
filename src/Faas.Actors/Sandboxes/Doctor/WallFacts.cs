namespace Faas.Actors.Sandboxes.Doctor;

/// <summary>What the script <c>walls.py</c> found in its sandbox.</summary>
/// <param name="Pid">The script's process id. The zygote has the id 1.</param>
/// <param name="Capabilities">The script's capability sets in hexadecimal, as in /proc/self/status.</param>
/// <param name="NoNewPrivileges">Whether PR_SET_NO_NEW_PRIVS of prctl(2) is set.</param>
/// <param name="Seccomp">The mode of seccomp; 2 is a filter.</param>
/// <param name="NewNamespace">Whether the script could make a user namespace.</param>
/// <param name="Interfaces">The network interfaces that the script sees.</param>
/// <param name="Reaches">The error of connecting to an address outside; null: there was none.</param>
/// <param name="Writable">Files that the script could open for writing, and must not.</param>
/// <param name="Environment">The names of the environment variables of all processes that the script can look at.</param>
/// <param name="Processors">
/// The processor seconds that busy processes of the script got in each second; null: the machine has too few processors to tell.
/// </param>
/// <param name="Threads">How many threads the script could start; null: the limit is too high to try.</param>
/// <param name="TmpBytes">The size of the script's /tmp.</param>
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
