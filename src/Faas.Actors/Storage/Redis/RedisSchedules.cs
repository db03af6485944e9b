using Faas.Actors.Json;
using Faas.Actors.Runs.Kept;
using Faas.Actors.Schedules;
using Faas.Actors.Scripts;
using StackExchange.Redis;

namespace Faas.Actors.Storage.Redis;

/// <summary>
/// Schedules in Redis, beside the kept runs. What changes is done by <see cref="ScheduleScripts"/>. A schedule of a form that this server
/// does not know is not shown, and not fired by it.
/// </summary>
public sealed class RedisSchedules(RedisConnection connection, StoreKeys keys, SchedulesOptions options, KeptRunsOptions kept) : ISchedules
{
    private const string Pass = "pass", Fail = "fail";
    private const int TooMany = -2;
    private const int Looked = 200; // schedules a step of a list

    private static readonly RedisValue[] s_facts =
    [
        "form", "revision", "schedule", "next", "fired", "run", "failedAt", "failure", "skippedAt", "runs", "skipped", "missed", "failed",
    ];

    private static readonly RedisValue[] s_all = [.. s_facts, "input"];

    /// <inheritdoc/>
    public async Task<ScheduleWrite> WriteAsync(
        Schedule schedule, ReadOnlyMemory<byte> input, DateTimeOffset? due, long? replaced, CancellationToken cancellation)
    {
        var revision = (long)await connection.EvaluateAsync(
            keys,
            ScheduleScripts.Write,
            cancellation,
            schedule.Name,
            replaced ?? 0,
            options.Count,
            ScheduleJson.Form,
            ScheduleJson.BytesOf(schedule),
            input,
            TextOf(due));
        return revision > 0 ? new ScheduleWrite(revision) : new ScheduleWrite(null, revision == TooMany);
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string name, long revision, CancellationToken cancellation) =>
        (int)await connection.EvaluateAsync(keys, ScheduleScripts.Delete, cancellation, name, revision) == 1;

    /// <inheritdoc/>
    public async Task<StoredSchedule?> FindAsync(string name, CancellationToken cancellation)
    {
        var fields = await connection.CallAsync(database => database.HashGetAsync(KeyOf(name), s_all), cancellation);
        return ScheduleOf(fields) is { } found ? found with { Input = (byte[]?)fields[s_facts.Length] ?? [] } : null;
    }

    /// <inheritdoc/>
    public async Task<(IReadOnlyList<StoredSchedule> Schedules, string? Next)> PageAsync(
        IReadOnlyList<string> roots, int most, string? after, CancellationToken cancellation)
    {
        var page = new List<StoredSchedule>();
        while (true)
        {
            var looked = await LookAsync(after, cancellation);
            foreach (var one in looked.Select(one => one.Schedule).OfType<StoredSchedule>())
            {
                if (roots.Count > 0 && !roots.Any(root => ScriptPath.IsUnder(one.Schedule.Path, root)))
                {
                    continue;
                }

                if (page.Count == most)
                {
                    return (page, page[^1].Schedule.Name);
                }

                page.Add(one);
            }

            if (looked.Count < Looked)
            {
                return (page, null);
            }

            after = looked[^1].Name;
        }
    }

    /// <inheritdoc/>
    public Task<DateTimeOffset> NowAsync(CancellationToken cancellation) => connection.CallAsync(
        async database =>
        {
            // Seconds and microseconds. Source: https://redis.io/docs/latest/commands/time/
            var time = await database.ExecuteAsync("TIME");
            return DateTimeOffset.FromUnixTimeMilliseconds(((long)time[0] * 1000) + ((long)time[1] / 1000));
        },
        cancellation);

    /// <inheritdoc/>
    public async Task<(IReadOnlyList<string> Names, DateTimeOffset? Next)> DueAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var (due, at) = ($"{keys.Kept}due", (double)now.ToUnixTimeMilliseconds());
        return await connection.CallAsync(
            async database =>
            {
                var names = database.SortedSetRangeByScoreAsync(due, double.NegativeInfinity, at);
                var next = database.SortedSetRangeByScoreWithScoresAsync(due, at, double.PositiveInfinity, Exclude.Start, take: 1);
                return (
                    (IReadOnlyList<string>)[.. (await names).Select(name => $"{name}")],
                    await next is [var first] ? DateTimeOffset.FromUnixTimeMilliseconds((long)first.Score) : (DateTimeOffset?)null);
            },
            cancellation);
    }

    /// <inheritdoc/>
    public async Task<StepResult> StepAsync(
        StoredSchedule schedule, FireStep fire, KeptCall? asked, FireFailure? failure, CancellationToken cancellation)
    {
        var (name, instant) = (schedule.Schedule.Name, fire.Fire);
        RedisValue[] moves =
        [
            name,
            schedule.Revision,
            TextOf(fire.Due),
            TextOf(fire.Next),
            fire.Missed,
            asked is not null ? schedule.Schedule.Overlap.ToWire() : failure is not null ? Fail : Pass,
            TextOf(instant),
            failure is null ? RedisValue.EmptyString : ScheduleJson.BytesOf(failure),
        ];
        var run = asked is null ? [] : RedisKeptRuns.Accepted(ScheduleIds.RunOf(name, instant!.Value), asked, schedule.Input, kept);
        return (StepResult)(int)await connection.EvaluateAsync(keys, ScheduleScripts.Step, cancellation, [.. moves, .. run]);
    }

    private async Task<IReadOnlyList<(string Name, StoredSchedule? Schedule)>> LookAsync(string? after, CancellationToken cancellation) =>
        await connection.CallAsync(
            async database =>
            {
                var names = await database.SortedSetRangeByValueAsync(
                    $"{keys.Kept}schedules",
                    after is null ? RedisValue.Null : after,
                    RedisValue.Null,
                    after is null ? Exclude.None : Exclude.Start,
                    Order.Ascending,
                    0,
                    Looked);
                var fields = await Task.WhenAll(names.Select(name => database.HashGetAsync(KeyOf($"{name}"), s_facts)));
                return names.Select((name, at) => ($"{name}", ScheduleOf(fields[at]))).ToList();
            },
            cancellation);

    // Null: it does not exist, or has another form.
    private static StoredSchedule? ScheduleOf(RedisValue[] fields) => fields[0].IsNull || (int)fields[0] != ScheduleJson.Form
        ? null
        : new StoredSchedule(ScheduleJson.ScheduleOf((byte[])fields[2]!), (long)fields[1])
        {
            Next = TimeOf(fields[3]),
            Fired = TimeOf(fields[4]),
            RunId = fields[5].IsNull ? null : $"{fields[5]}",
            FailedAt = TimeOf(fields[6]),
            Failure = fields[7].IsNull ? null : ScheduleJson.FailureOf((byte[])fields[7]!),
            SkippedAt = TimeOf(fields[8]),
            Runs = CountOf(fields[9]),
            Skipped = CountOf(fields[10]),
            Missed = CountOf(fields[11]),
            Failed = CountOf(fields[12]),
        };

    private static long CountOf(RedisValue value) => value.IsNull ? 0 : (long)value;

    private static DateTimeOffset? TimeOf(RedisValue milliseconds) =>
        milliseconds.IsNull ? null : DateTimeOffset.FromUnixTimeMilliseconds((long)milliseconds);

    private static RedisValue TextOf(DateTimeOffset? instant) =>
        instant is { } time ? time.ToUnixTimeMilliseconds() : RedisValue.EmptyString;

    private string KeyOf(string name) => $"{keys.Kept}schedule:{name}";
}
