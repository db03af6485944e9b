using Faas.Bench.Ways;

namespace Faas.Bench.Libraries;

/// <summary>
/// Warm calls of a script with libraries and of hello, by one client. They alternate: then each finds its process forked ahead, while the
/// other was called. And they take turns of many calls each, in which each call waits for the fork that the one before it has left.
/// </summary>
internal sealed class WarmCalls(FaasUnderBench server, CancellationToken stop)
{
    private const int Turns = 10;
    private const int WarmUps = 15;

    /// <summary>Measures both ways; the scripts are stored.</summary>
    /// <param name="script">The script with libraries.</param>
    /// <param name="import">Who imports them, in words.</param>
    /// <param name="count">How many calls of each script alternate; half as many take turns.</param>
    public WarmFigures Measure(LibraryCase script, string import, int count)
    {
        WarmUp(script);
        return new WarmFigures(script, import, Alternate(script, count), TakeTurns(script, count / 2 / Turns));
    }

    // Libraries are imported while no call waits.
    private void WarmUp(LibraryCase script)
    {
        using var hello = new Calls(server, script.Hello);
        using var libraries = new Calls(server, script);
        for (var call = 0; call < WarmUps; call++)
        {
            hello.Once();
            libraries.Once();
            server.Rest(stop);
        }
    }

    private WarmPair Alternate(LibraryCase script, int count)
    {
        using var hello = new Calls(server, script.Hello);
        using var libraries = new Calls(server, script);
        for (var call = 0; call < count; call++)
        {
            stop.ThrowIfCancellationRequested();
            hello.Once();
            libraries.Once();
        }

        return WarmPair.Of(hello, libraries);
    }

    private WarmPair TakeTurns(LibraryCase script, int inTurn)
    {
        using var hello = new Calls(server, script.Hello);
        using var libraries = new Calls(server, script);
        for (var turn = 0; turn < Turns; turn++)
        {
            stop.ThrowIfCancellationRequested();
            foreach (var calls in (Calls[])[hello, libraries])
            {
                for (var call = 0; call < inTurn; call++)
                {
                    calls.Once();
                }
            }
        }

        return WarmPair.Of(hello, libraries);
    }
}
