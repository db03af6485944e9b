namespace Faas.Actors.Tests.Pool.Scheduler.Keeping;

/// <summary>Calls of many scripts over a day, made up from a seed, so each time the same.</summary>
/// <param name="Name">What kind of day.</param>
/// <param name="Scripts">What each script costs.</param>
/// <param name="Calls">When which script is called, in the order of time.</param>
internal sealed record CallTrace(string Name, IReadOnlyList<TracedScript> Scripts, IReadOnlyList<(TimeSpan At, int Script)> Calls)
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    /// <summary>Each call is of a script by its popularity alone.</summary>
    public static CallTrace Steady(int scripts, int calls)
    {
        var random = new Random(1);
        var zipf = new Zipf(scripts);
        return Of("steady", random, scripts, Enumerable.Range(0, calls).Select(_ => (s_day * random.NextDouble(), zipf.Next(random))));
    }

    /// <summary>Each script has its hours: its calls come and go with the sun, at a place of its own.</summary>
    public static CallTrace Daily(int scripts, int calls)
    {
        var random = new Random(2);
        var zipf = new Zipf(scripts);
        var noon = Enumerable.Range(0, scripts).Select(_ => random.NextDouble()).ToArray();
        return Of("daily", random, scripts, Accepted().Take(calls));

        IEnumerable<(TimeSpan, int)> Accepted()
        {
            while (true)
            {
                var (at, script) = (random.NextDouble(), zipf.Next(random));
                if (Math.Pow(Math.Cos(Math.PI * (at - noon[script])), 4) > random.NextDouble())
                {
                    yield return (s_day * at, script);
                }
            }
        }
    }

    /// <summary>Calls come in bursts: about 20 of a script, some seconds apart, then none for long.</summary>
    public static CallTrace Bursty(int scripts, int calls)
    {
        var random = new Random(3);
        var zipf = new Zipf(scripts);
        return Of("bursty", random, scripts, Bursts().Take(calls));

        IEnumerable<(TimeSpan, int)> Bursts()
        {
            while (true)
            {
                var (at, script) = (s_day * random.NextDouble(), zipf.Next(random));
                do
                {
                    yield return (at, script);
                    at += TimeSpan.FromSeconds(-5 * Math.Log(1 - random.NextDouble()));
                }
                while (random.NextDouble() < 0.95);
            }
        }
    }

    // JavaScript or Python; a start takes 19 or 12 ms, a sandbox holds 4 MB and what its script adds: 1 MB, often more.
    private static CallTrace Of(string name, Random random, int scripts, IEnumerable<(TimeSpan At, int Script)> calls)
    {
        var costs = new TracedScript[scripts];
        for (var script = 0; script < scripts; script++)
        {
            var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
            var own = Math.Min(124, Math.Exp(1.5 * normal));
            costs[script] = new TracedScript(TimeSpan.FromMilliseconds(random.Next(2) == 0 ? 19 : 12), (long)((4 + own) * (1 << 20)));
        }

        return new CallTrace(name, costs, [.. calls.OrderBy(call => call.At)]);
    }

    // The popularity of scripts: the n-th is called n times less often than the first.
    private sealed class Zipf
    {
        private readonly double[] _upTo;

        public Zipf(int scripts)
        {
            _upTo = new double[scripts];
            for (var (script, sum) = (0, 0.0); script < scripts; script++)
            {
                _upTo[script] = sum += 1.0 / (script + 1);
            }
        }

        public int Next(Random random)
        {
            var found = Array.BinarySearch(_upTo, random.NextDouble() * _upTo[^1]);
            return found >= 0 ? found : ~found;
        }
    }
}

/// <summary>One script of a trace.</summary>
/// <param name="Start">The price of a start.</param>
/// <param name="Bytes">What a sandbox of it holds.</param>
internal sealed record TracedScript(TimeSpan Start, long Bytes);
