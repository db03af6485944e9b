using System.Diagnostics;
using Akka.Actor;
using Faas.Actors.Scripts;
using Faas.Bench.Load;
using Faas.Bench.Processes;
using Faas.Bench.Rounds;
using Faas.Bench.Stores;
using Faas.Bench.Ways;
using Faas.Bench.Workloads;

namespace Faas.Bench.Scale;

// Theory of operation. An upload over HTTP tries first whether the code compiles, in a sandbox, which takes longer than
// all that the store does. So that a slower store could be seen, the registry is asked here as the route asks it, in
// this process, once the code has compiled. And no route gives the list yet.

/// <summary>What the registry's answers cost on a filled store beside one with few scripts of one version, in turns.</summary>
internal sealed class RegistryCosts(OpenStore filled, int scripts, OpenStore few, int fewScripts, UsageGroup usage, CancellationToken stop)
{
    private const int WarmUps = 20;
    private const int Lists = 30;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);
    private static readonly Workload s_hello = Cases.HelloIn(Language.JavaScript);
    private static readonly ScriptCode s_code = ScriptCode.Of(s_hello.Language, s_hello.Source);
    private static readonly RoundPlan s_plan = RoundPlan.OfMilliseconds(8, 500, 300, 0, 15_000);

    /// <summary>Medians of the whole list. Before anything is published: how many there are is checked.</summary>
    public ListTimes MeasureList()
    {
        var pairs = new List<(TimeSpan Filled, TimeSpan Few)>();
        for (var round = 0; round < WarmUps + Lists; round++)
        {
            stop.ThrowIfCancellationRequested();
            pairs.Add((List(filled, scripts), List(few, fewScripts)));
        }

        var counted = pairs[WarmUps..];
        var (ofFilled, ofFew) = (counted.Select(pair => pair.Filled), counted.Select(pair => pair.Few));
        return new ListTimes(scripts, Durations.MedianOf(ofFilled), fewScripts, Durations.MedianOf(ofFew));
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

    private SideBySide Compare(string what, Func<Func<string>> paths) =>
        SideBySide.Measure(new Contest(s_plan, stop), what, Way("filled", filled, paths()), Way("few", few, paths()));

    private CallerWay Way(string name, OpenStore store, Func<string> path) => new(name, usage, _ => new Caller(() =>
    {
        var to = path();
        store.Codes.PutAsync(s_code, to, CancellationToken.None).GetAwaiter().GetResult();
        var answer = Ask(store.Registry, PublishVersion.Of(to, s_code, DateTimeOffset.UtcNow, ScriptSettings.Default, force: true));
        if (answer is not VersionPublished)
        {
            throw new CallFailedException($"answered {answer}");
        }
    }));

    private static TimeSpan List(OpenStore store, int scripts)
    {
        var begun = Stopwatch.GetTimestamp();
        var answer = Ask(store.Lister, ListScripts.Instance);
        var took = Stopwatch.GetElapsedTime(begun);
        var count = (answer as ScriptList)?.Scripts.Count;
        return count == scripts ? took : throw new BenchException($"The list of {scripts} scripts was answered with {count}: {answer}.");
    }

    private static object Ask(IActorRef actor, object question) =>
        actor.Ask<object>(question, s_patience).GetAwaiter().GetResult();
}
