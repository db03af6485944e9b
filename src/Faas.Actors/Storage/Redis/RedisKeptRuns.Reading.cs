using Faas.Actors.Runs.Kept;
using Faas.Actors.Runs.Recent;
using StackExchange.Redis;

namespace Faas.Actors.Storage.Redis;

/// <content>What is read, and changes nothing.</content>
public sealed partial class RedisKeptRuns
{
    private const int Looked = 500; // records a step of a list
    private const int MostSteps = 20;
    private const int ReadAtOnce = 100; // pieces of an output

    /// <inheritdoc/>
    public async Task<KeptRun?> FindAsync(string id, CancellationToken cancellation)
    {
        var (fields, entries) = await connection.CallAsync(
            async database =>
            {
                var asked = database.HashGetAsync(RunKey(id), KeptFields.All);
                var output = database.StreamRangeAsync(LogKey(id));
                return (await asked, await output);
            },
            cancellation);
        return KeptFields.WithValueOf(id, fields) is not { } run
            ? null
            : (run with { Input = (byte[]?)fields[KeptFields.WithValue.Length] ?? [] }).With(KeptFields.PiecesOf(entries));
    }

    /// <inheritdoc/>
    public async Task<KeptRun?> LookAsync(string id, CancellationToken cancellation) =>
        KeptFields.RunOf(id, await connection.CallAsync(database => database.HashGetAsync(RunKey(id), KeptFields.Facts), cancellation));

    /// <inheritdoc/>
    public async Task<KeptReading?> ReadAsync(string id, long after, CancellationToken cancellation)
    {
        // The run is read before its output, so all the output of a run that has ended is there. One command waits for no other.
        var (fields, entries) = await connection.CallAsync(
            async database =>
            {
                var asked = database.HashGetAsync(RunKey(id), KeptFields.WithValue);
                var output = database.StreamRangeAsync(LogKey(id), $"{after + 1}-0", count: ReadAtOnce);
                return (await asked, await output);
            },
            cancellation);
        if (KeptFields.WithValueOf(id, fields) is not { } run)
        {
            return null;
        }

        var pieces = KeptFields.PiecesOf(entries);
        var next = pieces.Count > 0 ? pieces[0].First : run.Stage == RunStage.Ended ? run.Lines + 1 : after + 1;
        var isTrimmed = next > after + 1 && !(after > 0 && await HasUpToAsync(id, after, cancellation));
        return new KeptReading(run, pieces, entries.Length == ReadAtOnce, isTrimmed);
    }

    private async Task<bool> HasUpToAsync(string id, long number, CancellationToken cancellation) => await connection.CallAsync(
        async database => await database.StreamRangeAsync(LogKey(id), maxId: $"{number}-0", count: 1) is [_, ..], cancellation);

    /// <inheritdoc/>
    public async Task<(IReadOnlyList<KeptRun> Runs, long? Next)> PageAsync(
        RunFilter filter, int most, long? before, CancellationToken cancellation)
    {
        var page = new List<KeptRun>();
        for (var step = 0; step < MostSteps; step++)
        {
            var looked = await StepAsync(before, cancellation);
            foreach (var run in looked.Select(one => one.Run).OfType<KeptRun>().Where(run => filter.Includes(run.Facts)))
            {
                if (page.Count == most)
                {
                    return (page, page[^1].Number);
                }

                page.Add(run);
            }

            if (looked.Count < Looked)
            {
                return (page, null);
            }

            before = looked[^1].Number;
        }

        return (page, before);
    }

    /// <inheritdoc/>
    public async Task<KeptLevels> LevelsAsync(CancellationToken cancellation)
    {
        var reply = await connection.EvaluateAsync(keys, KeptLevelScripts.Levels, cancellation);
        var asked = (byte[])reply[6]!;
        return new KeptLevels(
            (long)reply[0],
            (long)reply[1],
            asked.Length == 0 ? null : WaitOf(KeptJson.CallOf(asked), TimeAt(reply[7]), TimeAt(reply[5])),
            (long)reply[2],
            (long)reply[3],
            (long)reply[4]);
    }

    // The clock of the server that has received the call may be ahead of that of the store.
    private static TimeSpan WaitOf(KeptCall call, DateTimeOffset retryAt, DateTimeOffset now)
    {
        var since = new[] { call.Received, call.NotBefore ?? call.Received, retryAt }.Max();
        var waited = now - since;
        return waited > TimeSpan.Zero ? waited : TimeSpan.Zero;
    }

    private static DateTimeOffset TimeAt(RedisResult milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);

    private async Task<IReadOnlyList<(KeptRun? Run, long Number)>> StepAsync(long? before, CancellationToken cancellation) =>
        await connection.CallAsync(
            async database =>
            {
                var entries = await database.SortedSetRangeByScoreWithScoresAsync(
                    $"{keys.Kept}all",
                    double.NegativeInfinity,
                    before ?? double.PositiveInfinity,
                    before is null ? Exclude.None : Exclude.Stop,
                    Order.Descending,
                    0,
                    Looked);
                var fields = await Task.WhenAll(
                    entries.Select(entry => database.HashGetAsync(RunKey($"{entry.Element}"), KeptFields.Facts)));
                return entries.Select((entry, at) => (KeptFields.RunOf($"{entry.Element}", fields[at]), (long)entry.Score)).ToList();
            },
            cancellation);
}
