using System.Collections.Immutable;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Journal;
using Faas.Actors.Storage.Redis;
using StackExchange.Redis;

namespace Faas.Actors.Storage.AkkaPlugins;

/// <summary>
/// Akka's journal on Redis, plugin id <c>akka.persistence.journal.redis</c>.
/// <para>
/// Theory of operation. A persistence id is a sorted set of persistent messages (Akka's own protobuf) scored by
/// sequence number, beside a string that holds the highest number ever written. The writes of one request go out
/// as one Lua script for each persistence id; so no atomic write is ever seen in part, and no write survives its predecessor's failure. The
/// script writes nothing under a number that was given already, so two servers never give one twice; and, where the store has an owner
/// (<see cref="StoreLease"/>) or the actor's shard a lease (<see cref="HeldLeases"/>), only while that is this server's. An event that
/// cannot be serialized is rejected alone. A failure of Redis fails the whole request, and Akka then stops the actor that wrote; that is
/// right, because it is not known what was stored.
/// </para>
/// </summary>
public sealed class RedisJournal : AsyncWriteJournal
{
    /// <summary>How many sequence numbers one step of a replay asks for; it bounds what a recovery holds in memory.</summary>
    private const long ReplayStep = 500;

    private static readonly Type s_persistentType = typeof(Persistent);

    // KEYS: journal, highest sequence number, and perhaps that of the fence. ARGV: the fence's value, highest, and of each event its
    // sequence number and itself.
    private const string Write = $"""
        if KEYS[3] and redis.call('GET', KEYS[3]) ~= ARGV[1] then return redis.error_reply('{StoreLease.Refused}') end
        if tonumber(redis.call('GET', KEYS[2]) or 0) >= tonumber(ARGV[3]) then return redis.error_reply('{Overtaken}') end
        for i = 3, #ARGV, 2 do redis.call('ZADD', KEYS[1], ARGV[i], ARGV[i + 1]) end
        redis.call('SET', KEYS[2], ARGV[2])
        return 1
        """;

    /// <summary>How the reply begins that refuses a write behind another writer's.</summary>
    internal const string Overtaken = "OVERTAKEN another server has written to this journal";

    private readonly RedisPlugin _plugin;
    private readonly Akka.Serialization.Serialization _serialization;
    private readonly int _serializerId;

    /// <summary>Made by Akka with the plugin's section of the configuration.</summary>
    public RedisJournal(Config config)
    {
        _plugin = RedisPlugin.Open(Context.System, config);
        _serialization = Context.System.Serialization;
        _serializerId = _serialization.FindSerializerForType(s_persistentType).Identifier;
    }

    /// <inheritdoc/>
    public override async Task<long> ReadHighestSequenceNrAsync(
        string persistenceId, long fromSequenceNr, CancellationToken cancellationToken)
    {
        var key = _plugin.Keys.HighestSequenceNr(persistenceId);
        var value = await _plugin.Connection.CallAsync(database => database.StringGetAsync(key), cancellationToken);
        return value.IsNull ? 0
            : value.TryParse(out long highest) && highest >= 0 ? highest
            : throw new InvalidDataException($"Redis key '{key}' holds no sequence number.");
    }

    /// <inheritdoc/>
    public override async Task ReplayMessagesAsync(
        IActorContext context,
        string persistenceId,
        long fromSequenceNr,
        long toSequenceNr,
        long max,
        Action<IPersistentRepresentation> recoveryCallback)
    {
        var key = _plugin.Keys.Journal(persistenceId);
        var (from, left) = (fromSequenceNr, max);
        while (left > 0 && from <= toSequenceNr && await FirstAsync(key, from, toSequenceNr) is { } first)
        {
            var last = Math.Min(toSequenceNr, first + ReplayStep - 1);
            var entries = await _plugin.Connection.CallAsync(
                database => database.SortedSetRangeByScoreWithScoresAsync(key, first, last, take: left),
                CancellationToken.None);
            foreach (var entry in entries)
            {
                recoveryCallback(Read(key, persistenceId, entry));
            }

            (from, left) = (last + 1, left - entries.Length);
        }
    }

    /// <inheritdoc/>
    protected override async Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        var writes = messages.Select(write => (Write: write, Entries: Serialize(write, out var rejection), Rejection: rejection)).ToList();
        foreach (var group in writes.Where(write => write.Rejection is null).GroupBy(write => write.Write.PersistenceId))
        {
            await StoreAsync(
                group.Key,
                [.. group.SelectMany(write => write.Entries)],
                group.Max(write => write.Write.HighestSequenceNr),
                cancellationToken);
        }

        return [.. writes.Select(write => write.Rejection!)];
    }

    /// <inheritdoc/>
    protected override Task DeleteMessagesToAsync(string persistenceId, long toSequenceNr, CancellationToken cancellationToken) =>
        _plugin.Connection.CallAsync(
            database =>
                database.SortedSetRemoveRangeByScoreAsync(_plugin.Keys.Journal(persistenceId), double.NegativeInfinity, toSequenceNr),
            cancellationToken);

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _ = _plugin.DisposeAsync().AsTask();
        base.PostStop();
    }

    private SortedSetEntry[] Serialize(AtomicWrite write, out Exception? rejection)
    {
        try
        {
            rejection = null;
            var now = DateTime.UtcNow.Ticks;
            var events = (IImmutableList<IPersistentRepresentation>)write.Payload;
            return [.. events.Select(one => new SortedSetEntry(_serialization.Serialize(one.WithTimestamp(now)), one.SequenceNr))];
        }
#pragma warning disable CA1031 // A serializer may throw anything, and each exception means the same: this event cannot be stored.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            rejection = failure;
            return [];
        }
    }

    private async Task StoreAsync(string persistenceId, SortedSetEntry[] entries, long highest, CancellationToken cancellation)
    {
        var (keys, fence) = (_plugin.Keys, _plugin.Connection.FenceOf(persistenceId));
        RedisKey[] written = [keys.Journal(persistenceId), keys.HighestSequenceNr(persistenceId)];
        RedisValue[] values =
        [
            fence?.Value ?? RedisValue.EmptyString,
            highest,
            .. entries.SelectMany(entry => (RedisValue[])[(long)entry.Score, entry.Element]),
        ];
        await _plugin.Connection.CallAsync(
            database => database.ScriptEvaluateAsync(Write, fence is null ? written : [.. written, fence.Key], values), cancellation);
    }

    private async Task<long?> FirstAsync(string key, long from, long to)
    {
        var first = await _plugin.Connection.CallAsync(
            database => database.SortedSetRangeByScoreWithScoresAsync(key, from, to, take: 1),
            CancellationToken.None);
        return first.Length == 0 ? null : (long)first[0].Score;
    }

    private IPersistentRepresentation Read(string key, string persistenceId, SortedSetEntry entry)
    {
        try
        {
            var message = (IPersistentRepresentation)_serialization.Deserialize((byte[])entry.Element!, _serializerId, s_persistentType);
            return message.PersistenceId == persistenceId && message.SequenceNr == (long)entry.Score
                ? message
                : throw new InvalidDataException($"it says that it is number {message.SequenceNr} of '{message.PersistenceId}'");
        }
#pragma warning disable CA1031 // A serializer may throw anything; the operator needs the key.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            throw new InvalidDataException(
                $"Redis key '{key}' holds no readable event at sequence number {entry.Score}: {failure.Message}", failure);
        }
    }
}
