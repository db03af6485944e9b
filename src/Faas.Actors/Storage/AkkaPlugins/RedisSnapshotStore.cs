using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence;
using Akka.Persistence.Snapshot;
using Faas.Actors.Scripts;
using StackExchange.Redis;

namespace Faas.Actors.Storage.AkkaPlugins;

/// <summary>
/// Akka's snapshot store on Redis, plugin id <c>akka.persistence.snapshot-store.redis</c>: a sorted set of
/// <see cref="SnapshotRecord"/> for each persistence id, scored by sequence number. A snapshot replaces one of the same number.
/// </summary>
public sealed class RedisSnapshotStore : SnapshotStore
{
    private const int Step = 4;

    private readonly RedisPlugin _plugin;
    private readonly ExtendedActorSystem _system;

    /// <summary>Made by Akka with the plugin's section of the configuration.</summary>
    public RedisSnapshotStore(Config config)
    {
        _plugin = RedisPlugin.Open(Context.System, config);
        _system = (ExtendedActorSystem)Context.System;
    }

    /// <inheritdoc/>
    protected override async Task<SelectedSnapshot?> LoadAsync(
        string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken)
    {
        var key = _plugin.Keys.Snapshot(persistenceId);
        SnapshotRecord? newest = null;
        for (var skip = 0L; ; skip += Step)
        {
            var entries = await _plugin.Connection.CallAsync(
                database => database.SortedSetRangeByScoreWithScoresAsync(
                    key, criteria.MinSequenceNr, criteria.MaxSequenceNr, order: Order.Descending, skip: skip, take: Step),
                cancellationToken);
            foreach (var entry in entries)
            {
                var record = Read(key, entry);
                if (newest is not null && record.Metadata.SequenceNr < newest.Metadata.SequenceNr)
                {
                    return Select(key, newest);
                }

                if (criteria.Covers(record.Metadata) && (newest is null || record.Metadata.Timestamp > newest.Metadata.Timestamp))
                {
                    newest = record;
                }
            }

            if (entries.Length < Step)
            {
                return newest is null ? null : Select(key, newest);
            }
        }
    }

    /// <inheritdoc/>
    protected override Task SaveAsync(SnapshotMetadata metadata, object snapshot, CancellationToken cancellationToken)
    {
        var key = _plugin.Keys.Snapshot(metadata.PersistenceId);
        var bytes = SnapshotRecord.Of(metadata, snapshot, _system).ToBytes();
        return _plugin.Connection.CallAsync(
            async database =>
            {
                var transaction = database.CreateTransaction();
                var replaced = transaction.SortedSetRemoveRangeByScoreAsync(key, metadata.SequenceNr, metadata.SequenceNr);
                var added = transaction.SortedSetAddAsync(key, bytes, metadata.SequenceNr);
                var executed = await transaction.ExecuteAsync();
                await Task.WhenAll(replaced, added);
                return executed ? true : throw new StoreException("Redis discarded the transaction.");
            },
            cancellationToken);
    }

    /// <inheritdoc/>
    protected override Task DeleteAsync(SnapshotMetadata metadata, CancellationToken cancellationToken) =>
        metadata.Timestamp == DateTime.MinValue
            ? _plugin.Connection.CallAsync(
                database =>
                    database.SortedSetRemoveRangeByScoreAsync(
                        _plugin.Keys.Snapshot(metadata.PersistenceId), metadata.SequenceNr, metadata.SequenceNr),
                cancellationToken)
            : DeleteWhereAsync(
                metadata.PersistenceId,
                metadata.SequenceNr,
                metadata.SequenceNr,
                stored => stored.Timestamp == metadata.Timestamp,
                cancellationToken);

    /// <inheritdoc/>
    protected override Task DeleteAsync(string persistenceId, SnapshotSelectionCriteria criteria, CancellationToken cancellationToken) =>
        DeleteWhereAsync(persistenceId, criteria.MinSequenceNr, criteria.MaxSequenceNr, criteria.Covers, cancellationToken);

    /// <inheritdoc/>
    protected override void PostStop()
    {
        _ = _plugin.DisposeAsync().AsTask();
        base.PostStop();
    }

    private async Task DeleteWhereAsync(
        string persistenceId, long from, long to, Func<SnapshotMetadata, bool> matches, CancellationToken cancellation)
    {
        var key = _plugin.Keys.Snapshot(persistenceId);
        var entries = await _plugin.Connection.CallAsync(
            database => database.SortedSetRangeByScoreWithScoresAsync(key, from, to), cancellation);
        RedisValue[] doomed = [.. entries.Where(entry => matches(Read(key, entry).Metadata)).Select(entry => entry.Element)];
        if (doomed.Length > 0)
        {
            await _plugin.Connection.CallAsync(database => database.SortedSetRemoveAsync(key, doomed), cancellation);
        }
    }

    private static SnapshotRecord Read(string key, SortedSetEntry entry)
    {
        try
        {
            return SnapshotRecord.Parse((byte[])entry.Element!);
        }
        catch (InvalidDataException failure)
        {
            throw Unreadable(key, entry.Score, failure);
        }
    }

    private SelectedSnapshot Select(string key, SnapshotRecord record)
    {
        try
        {
            return record.Select(_system);
        }
#pragma warning disable CA1031 // A serializer may throw anything; the operator needs the key.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            throw Unreadable(key, record.Metadata.SequenceNr, failure);
        }
    }

    private static InvalidDataException Unreadable(string key, double sequenceNr, Exception failure) =>
        new($"Redis key '{key}' holds no readable snapshot at sequence number {sequenceNr}: {failure.Message}", failure);
}

/// <summary>Matches snapshots as Akka does, whose own matching is internal.</summary>
internal static class SnapshotSelection
{
    public static bool Covers(this SnapshotSelectionCriteria criteria, SnapshotMetadata metadata) =>
        metadata.SequenceNr >= criteria.MinSequenceNr
        && metadata.SequenceNr <= criteria.MaxSequenceNr
        && metadata.Timestamp <= criteria.MaxTimeStamp
        && (criteria.MinTimestamp is not { } earliest || metadata.Timestamp >= earliest);
}
