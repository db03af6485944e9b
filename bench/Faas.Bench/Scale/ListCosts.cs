using System.Diagnostics;
using Akka.Actor;
using Faas.Actors.Scripts;
using Faas.Bench.Launches;

namespace Faas.Bench.Scale;

/// <summary>What the list of scripts costs, long and short, in turns. No route gives it yet, so the registry is asked.</summary>
internal static class ListCosts
{
    private const int WarmUps = 5;
    private const int Rounds = 30;
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    /// <summary>The medians.</summary>
    public static ListTimes Measure(OpenStore filled, int scripts, OpenStore few, int fewScripts, CancellationToken stop)
    {
        var (ofFilled, ofFew) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var round = -WarmUps; round < Rounds; round++)
        {
            stop.ThrowIfCancellationRequested();
            var (one, other) = (Ask(filled, scripts), Ask(few, fewScripts));
            if (round >= 0)
            {
                ofFilled.Add(one);
                ofFew.Add(other);
            }
        }

        return new ListTimes(scripts, Medians.Of(ofFilled), fewScripts, Medians.Of(ofFew));
    }

    private static TimeSpan Ask(OpenStore store, int scripts)
    {
        var begun = Stopwatch.GetTimestamp();
        var answer = store.Registry.Ask<object>(ListScripts.Instance, s_patience).GetAwaiter().GetResult();
        var took = Stopwatch.GetElapsedTime(begun);
        return answer is ScriptList list && list.Scripts.Count == scripts
            ? took
            : throw new BenchException($"The list of {scripts} scripts was answered with {(answer is ScriptList other ? $"{other.Scripts.Count} scripts" : answer)}.");
    }
}
