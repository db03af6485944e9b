using System.Diagnostics;
using Akka.Actor;
using Faas.Actors.Scripts;
using Faas.Bench.Launches;
using Faas.Bench.Processes;
using Faas.Bench.Rounds;
using Faas.Bench.Workloads;

namespace Faas.Bench.Scale;

// Theory of operation. An upload over HTTP tries first whether the code compiles, in a sandbox, which takes longer than
// all that the store does. So that a slower store could be seen, the registry is asked here as the route asks it, in
// this process, once the code has compiled. And no route gives the list yet.

/// <summary>What the registry's answers cost on a filled store beside one with few scripts of one version, in turns.</summary>
internal sealed class RegistryCosts(OpenStore filled, int scripts, OpenStore few, int fewScripts, IUsage usage, CancellationToken stop)
{
    private const int WarmUps = 20;
    private const int Lists = 30;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private static readonly Workload s_hello = Cases.HelloIn(Language.JavaScript);
    private static readonly ScriptCode s_code = ScriptCode.Of(s_hello.Language, s_hello.Source);
    private static readonly RoundPlan s_plan = new(
        8, TimeSpan.FromMilliseconds(500), TimeSpan.FromMilliseconds(300), TimeSpan.Zero, TimeSpan.FromSeconds(15));

    /// <summary>Medians of the whole list. Before anything is published: how many there are is checked.</summary>
    public ListTimes MeasureList()
    {
        var (ofFilled, ofFew) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var round = -WarmUps; round < Lists; round++)
        {
            stop.ThrowIfCancellationRequested();
            var (one, other) = (List(filled, scripts), List(few, fewScripts));
            if (round >= 0)
            {
                ofFilled.Add(one);
                ofFew.Add(other);
            }
        }

        return new ListTimes(scripts, Medians.Of(ofFilled), fewScripts, Medians.Of(ofFew));
    }

    /// <summary>Uploads without the sandbox: of a further version to a script in memory, and of a new script.</summary>
    public IReadOnlyList<SideBySide> MeasureUploads(string known) =>
    [
        Compare("a version published, no sandbox", () => () => known),
        Compare("a new script published, no sandbox", () =>
        {
            var next = 0;
            return () => StoreSeed.PathOf("published", ++next);
        }),
    ];

    private SideBySide Compare(string what, Func<Func<string>> paths)
    {
        var cells = new Contest(s_plan, stop).Run(s_hello with { Case = what }, 1, [Way("filled", filled, paths()), Way("few", few, paths())]);
        return new SideBySide(what, cells[0], cells[1]);
    }

    private StoreWay Way(string name, OpenStore store, Func<string> path) => new(
        name,
        usage,
        () => new AskCaller<VersionPublished>(store.Registry, () => new PublishVersion(path(), s_code, DateTimeOffset.UtcNow, ScriptSettings.Default)));

    private static TimeSpan List(OpenStore store, int scripts)
    {
        var begun = Stopwatch.GetTimestamp();
        var answer = store.Registry.Ask<object>(ListScripts.Instance, s_patience).GetAwaiter().GetResult();
        var took = Stopwatch.GetElapsedTime(begun);
        return answer is ScriptList list && list.Scripts.Count == scripts
            ? took
            : throw new BenchException($"The list of {scripts} scripts was answered with {(answer is ScriptList other ? $"{other.Scripts.Count} scripts" : answer)}.");
    }
}
