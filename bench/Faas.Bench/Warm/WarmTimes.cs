using Faas.Actors.Scripts;

namespace Faas.Bench.Warm;

/// <summary>Many sandboxes of one server, each warm for a script of its own.</summary>
/// <param name="Asked">How many scripts were called.</param>
/// <param name="Alive">How many sandboxes were alive after that.</param>
/// <param name="Failed">How many of the calls were not answered with 200; the times are of the others.</param>
/// <param name="Languages">The scripts of each language.</param>
/// <param name="MachineBytes">By how much the machine's available memory fell.</param>
/// <param name="Shutdown">From SIGTERM until the server was gone with all of them.</param>
internal sealed record WarmTimes(
    int Asked, int Alive, int Failed, IReadOnlyList<WarmLanguage> Languages, long MachineBytes, TimeSpan Shutdown);

/// <summary>The warm sandboxes of one language.</summary>
/// <param name="Language">What the scripts are written in.</param>
/// <param name="Bytes">What one holds by its cgroup, in the median; 0: the kernel does not tell.</param>
/// <param name="FirstOfFew">The first call of a script while few sandboxes are alive, in the median: a start and a run.</param>
/// <param name="FirstOfMany">The same while nearly all are.</param>
/// <param name="WarmCall">A further call of a script while all are, in the median.</param>
internal sealed record WarmLanguage(Language Language, long Bytes, TimeSpan? FirstOfFew, TimeSpan? FirstOfMany, TimeSpan? WarmCall);
