using Faas.Bench.Load;

namespace Faas.Bench.Libraries;

/// <summary>Warm calls of hello and of a script with libraries.</summary>
/// <param name="Script">The script.</param>
/// <param name="Import">Who imports its libraries.</param>
/// <param name="Alternating">Calls that alternate.</param>
/// <param name="InTurns">Calls that follow each other.</param>
internal sealed record WarmFigures(LibraryCase Script, string Import, WarmPair Alternating, WarmPair InTurns);

/// <summary>Calls of both scripts in the same seconds.</summary>
/// <param name="Hello">Those of hello.</param>
/// <param name="Libraries">Those of the script with libraries.</param>
/// <param name="Ahead">In what part of the latter its libraries were imported ahead, 0-1.</param>
internal sealed record WarmPair(Durations Hello, Durations Libraries, double Ahead)
{
    public static WarmPair Of(Calls hello, Calls libraries) =>
        new(hello.Times, libraries.Times, (double)libraries.Ahead / libraries.Times.Count);
}

/// <summary>Uploads of one script.</summary>
/// <param name="Script">The script.</param>
/// <param name="First">The first upload on a new server.</param>
/// <param name="Again">Uploads with <c>force</c>, which choose and install anew, on a server that is warm.</param>
/// <param name="Same">Uploads of the same source, which keep the lock.</param>
/// <param name="FirstCall">The call after the first upload.</param>
internal sealed record UploadFigures(
    LibraryCase Script, UploadTimes First, IReadOnlyList<UploadTimes> Again, IReadOnlyList<TimeSpan> Same, TimeSpan FirstCall);

/// <summary>One upload that installed something.</summary>
internal sealed record UploadTimes(UploadLog Log, TimeSpan Whole);

/// <summary>The first call of a version that no sandbox is bound to, in the median.</summary>
/// <param name="Script">The script.</param>
/// <param name="HelloOnSpare">Hello, which a spare took.</param>
/// <param name="OnSpare">The script, which a spare took.</param>
/// <param name="HelloCold">Hello in a sandbox that was started for it.</param>
/// <param name="Cold">The script in such a one.</param>
internal sealed record FirstFigures(LibraryCase Script, TimeSpan? HelloOnSpare, TimeSpan? OnSpare, TimeSpan? HelloCold, TimeSpan? Cold);
