using System.Globalization;
using Faas.Actors.Runs.Batches;
using Faas.Actors.Runs.Kept;
using StackExchange.Redis;

namespace Faas.Actors.Storage.Redis;

/// <summary>
/// Batches in Redis, beside the kept runs. They are accepted by <see cref="BatchScripts"/>, and their counts are moved by
/// <see cref="KeptScripts"/>. A batch of a form that this server does not know is not shown.
/// </summary>
public sealed class RedisBatches(RedisConnection connection, StoreKeys keys, KeptRunsOptions options) : IBatches
{
    private const int Looked = 200; // batches a step of a list
    private const int MostSteps = 20;
    private const int ReadAtOnce = 16; // ends, each with a value of up to faas.runs.kept.result-size
    private const string ReasonPrefix = "reason:";

    /// <inheritdoc/>
    public async Task<KeptClaim> AcceptAsync(
        string id,
        KeptOnce? once,
        KeptCall asked,
        IReadOnlyList<ReadOnlyMemory<byte>> inputs,
        CancellationToken cancellation)
    {
        var print = once?.Print ?? "";
        var whole = asked with { InputBytes = inputs.Sum(input => input.Length) };
        RedisValue[] accepted = RedisKeptRuns.Accepted(id, whole, default, options);
        var reply = await connection.EvaluateAsync(
            keys,
            BatchScripts.Accept,
            cancellation,
            [.. accepted[..^1], once?.Name ?? "", print, .. inputs.SelectMany((input, index) => RunOf(id, asked, index, input))]);
        return reply.Resp2Type == ResultType.Integer
            ? new KeptClaim((KeptAcceptance)(int)reply, id, IsSame: true)
            : new KeptClaim(KeptAcceptance.Accepted, (string)reply[0]!, (string?)reply[1] == print);
    }

    /// <inheritdoc/>
    public async Task<Batch?> FindAsync(string id, CancellationToken cancellation) =>
        BatchOf(id, await connection.CallAsync(database => database.HashGetAllAsync(KeyOf(id)), cancellation));

    /// <inheritdoc/>
    public async Task<(IReadOnlyList<Batch> Batches, long? Next)> PageAsync(
        BatchFilter filter, int most, long? before, CancellationToken cancellation)
    {
        var page = new List<Batch>();
        for (var step = 0; step < MostSteps; step++)
        {
            var looked = await StepAsync(before, cancellation);
            foreach (var batch in looked.Select(one => one.Batch).OfType<Batch>().Where(filter.Includes))
            {
                if (page.Count == most)
                {
                    return (page, page[^1].Number);
                }

                page.Add(batch);
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
    public async Task<IReadOnlyList<BatchRun>> RunsAsync(string id, int first, int count, CancellationToken cancellation) =>
        await connection.CallAsync(
            database => RunsAsync(database, [.. Enumerable.Range(first, count).Select(index => (index, BatchIds.RunOf(id, index)))]),
            cancellation);

    /// <inheritdoc/>
    public async Task<BatchReading?> ReadAsync(string id, long after, CancellationToken cancellation)
    {
        // The batch is read before its ends, so all ends of a batch that has ended are there. One command waits for no other.
        var (fields, entries) = await connection.CallAsync(
            async database =>
            {
                var asked = database.HashGetAllAsync(KeyOf(id));
                var ends = database.StreamRangeAsync($"{KeyOf(id)}:log", $"{after + 1}-0", count: ReadAtOnce);
                return (await asked, await ends);
            },
            cancellation);
        if (BatchOf(id, fields) is not { } batch)
        {
            return null;
        }

        var runs = await connection.CallAsync(
            database => RunsAsync(database, [.. entries.Select(entry => ((int)entry["index"], $"{entry["run"]}"))]), cancellation);
        var read = entries.Zip(runs, (entry, run) => new BatchEnd(NumberOf(entry), $"{entry["reason"]}", run));
        return new BatchReading(batch, [.. read], entries.Length == ReadAtOnce);
    }

    private static RedisValue[] RunOf(string id, KeptCall asked, int index, ReadOnlyMemory<byte> input) =>
    [
        BatchIds.RunOf(id, index),
        KeptJson.BytesOf(asked with { Batch = id, Index = index, InputBytes = input.Length }),
        input,
    ];

    private async Task<BatchRun[]> RunsAsync(IDatabase database, (int Index, string Id)[] runs)
    {
        var fields = await Task.WhenAll(
            runs.Select(run => database.HashGetAsync($"{keys.Kept}run:{run.Id}", KeptFields.WithValue)));
        return [.. runs.Zip(fields, (run, read) => new BatchRun(run.Index, run.Id, KeptFields.WithValueOf(run.Id, read)))];
    }

    private async Task<IReadOnlyList<(Batch? Batch, long Number)>> StepAsync(long? before, CancellationToken cancellation) =>
        await connection.CallAsync(
            async database =>
            {
                var entries = await database.SortedSetRangeByScoreWithScoresAsync(
                    $"{keys.Kept}batches",
                    double.NegativeInfinity,
                    before ?? double.PositiveInfinity,
                    before is null ? Exclude.None : Exclude.Stop,
                    Order.Descending,
                    0,
                    Looked);
                var fields = await Task.WhenAll(entries.Select(entry => database.HashGetAllAsync(KeyOf($"{entry.Element}"))));
                return entries.Select((entry, at) => (BatchOf($"{entry.Element}", fields[at]), (long)entry.Score)).ToList();
            },
            cancellation);

    // Null: it was forgotten meanwhile, or has another form.
    private static Batch? BatchOf(string id, HashEntry[] entries)
    {
        var fields = entries.ToDictionary(entry => $"{entry.Name}", entry => entry.Value);
        return !fields.TryGetValue("form", out var form) || (int)form != KeptJson.Form
            ? null
            : new Batch(id, (long)fields["number"], KeptJson.CallOf((byte[])fields["call"]!), (int)fields["count"])
            {
                Queued = (int)fields["queued"],
                Running = (int)fields["running"],
                Ended = (int)fields["ended"],
                Reasons = fields.Where(field => field.Key.StartsWith(ReasonPrefix, StringComparison.Ordinal))
                    .ToDictionary(field => field.Key[ReasonPrefix.Length..], field => (int)field.Value),
                StartedAt = TimeIn(fields, "started"),
                EndedAt = TimeIn(fields, "done"),
            };
    }

    private static DateTimeOffset? TimeIn(Dictionary<string, RedisValue> fields, string name) =>
        fields.TryGetValue(name, out var milliseconds) ? DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds) : null;

    // Without the "-0" behind it.
    private static long NumberOf(StreamEntry entry) =>
        long.Parse($"{entry.Id}".AsSpan(..^2), NumberStyles.None, CultureInfo.InvariantCulture);

    private string KeyOf(string id) => $"{keys.Kept}batch:{id}";
}
