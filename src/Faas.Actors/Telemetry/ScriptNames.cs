using System.Collections.Concurrent;

namespace Faas.Actors.Telemetry;

/// <summary>
/// Bounds the names of scripts in metrics. Each name is a time series of its own in every system that stores them, so only the scripts
/// that are called first get one, and all others share <see cref="Other"/>. Names are kept until the server ends, because a counter
/// that changes its name loses its past.
/// </summary>
/// <param name="most">How many scripts get a name: <c>faas.metrics.scripts</c>.</param>
public sealed class ScriptNames(int most)
{
    /// <summary>The name that the rest share. It is no script's path.</summary>
    public const string Other = "/other";

    private static readonly KeyValuePair<string, object?> s_other = new(FaasMeter.Script, Other);

    private readonly ConcurrentDictionary<string, KeyValuePair<string, object?>> _tags = new(StringComparer.Ordinal)
    {
        [Runs.Run.RunNowQueue] = new(FaasMeter.Script, Runs.Run.RunNowQueue),
    };

    private readonly Lock _gate = new();
    private volatile int _left = most;

    /// <summary>The tag that names a script.</summary>
    /// <param name="script">Its path, or <see cref="Runs.Run.RunNowQueue"/>, which always has a name.</param>
    internal KeyValuePair<string, object?> TagOf(string script) =>
        _tags.TryGetValue(script, out var tag) ? tag : _left == 0 ? s_other : Name(script);

    private KeyValuePair<string, object?> Name(string script)
    {
        lock (_gate)
        {
            if (_tags.TryGetValue(script, out var tag))
            {
                return tag;
            }

            if (_left == 0)
            {
                return s_other;
            }

            _left--;
            return _tags[script] = new KeyValuePair<string, object?>(FaasMeter.Script, script);
        }
    }
}
