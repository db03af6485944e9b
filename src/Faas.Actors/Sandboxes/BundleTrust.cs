using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Faas.Actors.Libraries;
using Faas.Actors.Runs;
using Faas.Actors.Scripts;

namespace Faas.Actors.Sandboxes;

/// <summary>
/// Says of bundles whether zygotes may execute their libraries ahead of runs.
/// <para>
/// Theory of operation. A zygote executes a bundle up to its pause. What stands before that was judged when the bundle was made:
/// libraries alone. So this asks whether the bundler placed a pause, and not whether the text has one, which an author may write; and
/// whether the operator trusts every library of the lock, because each may bring modules of any name. What was withdrawn stays so
/// until the server ends.
/// </para>
/// </summary>
/// <param name="trusted">The libraries that the operator trusts.</param>
public sealed class BundleTrust(IReadOnlyList<NamePattern> trusted)
{
    // A call must not read the lock of its code anew.
    private readonly ConditionalWeakTable<ScriptCode, Judgement> _judged = [];
    private readonly ConcurrentDictionary<string, bool> _withdrawn = new(StringComparer.Ordinal);

    /// <summary>The trust in a code's libraries; null: it has none.</summary>
    public AheadTrust? Of(ScriptCode code) =>
        code is { Runtime: Runtime.Node, Lock: not null, Compiled: { HasPause: true, NeedsLayer: false } }
        && !_withdrawn.ContainsKey(code.Key)
        && _judged.GetValue(code, Judge).Trust is { IsGiven: true } trust
            ? trust
            : null;

    private Judgement Judge(ScriptCode code) => new(
        NpmLock.NamesOf(code.Lock!) is { } names
        && names.All(name => trusted.Any(pattern => pattern.MatchesExactly(name)))
            ? new AheadTrust(() => _withdrawn[code.Key] = true)
            : null);

    private sealed record Judgement(AheadTrust? Trust);
}
