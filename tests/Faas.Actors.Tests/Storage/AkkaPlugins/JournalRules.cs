using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit;
using Faas.Actors.Tests.Storage.Stores;
using StackExchange.Redis;
using Xunit;

namespace Faas.Actors.Tests.Storage.AkkaPlugins;

public sealed class JournalRulesOnRedis(RedisServerStore store) : JournalRules(store), IClassFixture<RedisServerStore>;

public sealed class JournalRulesOnAnOwnedRedis(OwnedRedisServerStore store) : JournalRules(store), IClassFixture<OwnedRedisServerStore>;

public sealed class JournalRulesOnTheEmbeddedStore(EmbeddedStore store) : JournalRules(store), IClassFixture<EmbeddedStore>;

/// <summary>What Akka asks of a journal, by the journal's own messages.</summary>
public abstract class JournalRules(StoreFixture store) : StoreTestKit(store)
{
    private readonly string _writer = Guid.NewGuid().ToString();

    [Fact]
    public async Task All_events_are_replayed_in_order()
    {
        await WriteAsync(1, 5);

        Assert.Equal([1, 2, 3, 4, 5], await ReplayAsync(1, long.MaxValue, long.MaxValue));
    }

    [Theory]
    [InlineData(3, long.MaxValue, long.MaxValue, new long[] { 3, 4, 5 })]
    [InlineData(1, 3, long.MaxValue, new long[] { 1, 2, 3 })]
    [InlineData(2, 4, long.MaxValue, new long[] { 2, 3, 4 })]
    [InlineData(3, 3, long.MaxValue, new long[] { 3 })]
    [InlineData(4, 3, long.MaxValue, new long[] { })]
    [InlineData(6, 9, long.MaxValue, new long[] { })]
    [InlineData(0, 2, long.MaxValue, new long[] { 1, 2 })]
    [InlineData(1, long.MaxValue, 3, new long[] { 1, 2, 3 })]
    [InlineData(2, 3, 9, new long[] { 2, 3 })]
    [InlineData(2, 3, 1, new long[] { 2 })]
    [InlineData(1, 3, 0, new long[] { })]
    public async Task A_replay_keeps_to_its_range_and_limit(long from, long to, long max, long[] expected)
    {
        await WriteAsync(1, 5);

        Assert.Equal(expected, await ReplayAsync(from, to, max));
    }

    [Fact]
    public async Task A_long_replay_is_whole_and_in_order()
    {
        await WriteAsync(1, 1203);

        Assert.Equal(Range(1, 1203), await ReplayAsync(1, long.MaxValue, long.MaxValue));
        Assert.Equal(Range(400, 1100), await ReplayAsync(400, 1100, long.MaxValue));
        Assert.Equal(Range(2, 702), await ReplayAsync(2, long.MaxValue, 701));
    }

    [Fact]
    public async Task A_replay_finds_the_events_behind_a_wide_gap()
    {
        await WriteAsync(1, 2);
        await WriteAsync(100_000, 100_001);

        Assert.Equal([1, 2, 100_000, 100_001], await ReplayAsync(1, long.MaxValue, long.MaxValue));
    }

    [Fact]
    public async Task A_number_that_another_writer_has_given_is_not_given_again()
    {
        await WriteAsync(1, 3);

        Assert.Contains("OVERTAKEN", (await RefusedAsync(3)).Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3], await ReplayAsync(1, long.MaxValue, long.MaxValue));
        await WriteAsync(4, 4);
        Assert.Equal([1, 2, 3, 4], await ReplayAsync(1, long.MaxValue, long.MaxValue));
    }

    [Fact]
    public async Task Events_of_another_persistence_id_are_not_replayed()
    {
        await WriteAsync(1, 3);
        await WriteAsync(1, 2, $"{Pid}:highest");

        Assert.Equal([1, 2, 3], await ReplayAsync(1, long.MaxValue, long.MaxValue));
    }

    [Fact]
    public async Task An_event_comes_back_as_it_was_written()
    {
        var before = DateTime.UtcNow.Ticks;
        var probe = CreateTestProbe();
        Journal.Tell(
            new WriteMessages([Atomic(new Persistent("payload", 1, Pid, "the manifest", false, probe.Ref, _writer))], probe.Ref, 7));
        await ExpectWrittenAsync(probe, 1);

        var replayed = Assert.Single(await ReplayedAsync(1, long.MaxValue, long.MaxValue));

        Assert.Equal(
            ("payload", "the manifest", Pid, 1L, _writer),
            (replayed.Payload, replayed.Manifest, replayed.PersistenceId, replayed.SequenceNr, replayed.WriterGuid));
        Assert.InRange(replayed.Timestamp, before, DateTime.UtcNow.Ticks);
        Assert.False(replayed.IsDeleted);
    }

    [Fact]
    public async Task Recovery_ends_with_the_highest_sequence_number()
    {
        Assert.Equal(0, await HighestAsync());

        await WriteAsync(1, 5);

        Assert.Equal(5, await HighestAsync());
    }

    [Theory]
    [InlineData(0, new long[] { 1, 2, 3, 4, 5 })]
    [InlineData(3, new long[] { 4, 5 })]
    [InlineData(5, new long[] { })]
    [InlineData(long.MaxValue, new long[] { })]
    public async Task Deletion_removes_events_and_leaves_the_highest_sequence_number(long to, long[] left)
    {
        await WriteAsync(1, 5);

        await DeleteAsync(to);

        Assert.Equal(left, await ReplayAsync(1, long.MaxValue, long.MaxValue));
        Assert.Equal(5, await HighestAsync());
    }

    [Fact]
    public async Task Writing_goes_on_after_everything_was_deleted()
    {
        await WriteAsync(1, 5);
        await DeleteAsync(long.MaxValue);

        await WriteAsync(6, 7);

        Assert.Equal([6, 7], await ReplayAsync(1, long.MaxValue, long.MaxValue));
        Assert.Equal(7, await HighestAsync());
    }

    [Fact]
    public async Task A_batch_is_stored_whole()
    {
        var probe = CreateTestProbe();
        Journal.Tell(new WriteMessages([Atomic(Event(1), Event(2), Event(3))], probe.Ref, 1));

        await ExpectWrittenAsync(probe, 3);

        Assert.Equal([1, 2, 3], await ReplayAsync(1, long.MaxValue, long.MaxValue));
    }

    [Fact]
    public async Task An_event_that_cannot_be_serialized_is_rejected_and_its_neighbours_are_stored()
    {
        var probe = CreateTestProbe();
        Journal.Tell(new WriteMessages([Atomic(Event(1)), Atomic(Event(2, new Unserializable())), Atomic(Event(3))], probe.Ref, 1));

        await probe.ExpectMsgAsync<WriteMessagesSuccessful>();
        await probe.ExpectMsgAsync<WriteMessageSuccess>();
        var rejected = await probe.ExpectMsgAsync<WriteMessageRejected>();
        await probe.ExpectMsgAsync<WriteMessageSuccess>();

        Assert.Equal("this event cannot be stored", rejected.Cause.Message);
        Assert.Equal(2, rejected.Persistent.SequenceNr);
        Assert.Equal([1, 3], await ReplayAsync(1, long.MaxValue, long.MaxValue));
        Assert.Equal(3, await HighestAsync());
    }

    [Fact]
    public async Task A_batch_with_an_event_that_cannot_be_serialized_is_rejected_whole()
    {
        var probe = CreateTestProbe();
        Journal.Tell(new WriteMessages([Atomic(Event(1), Event(2, new Unserializable()), Event(3))], probe.Ref, 1));

        await probe.ExpectMsgAsync<WriteMessagesSuccessful>();
        for (var i = 0; i < 3; i++)
        {
            await probe.ExpectMsgAsync<WriteMessageRejected>();
        }

        Assert.Empty(await ReplayAsync(1, long.MaxValue, long.MaxValue));
        Assert.Equal(0, await HighestAsync());
    }

    [Fact]
    public async Task Keys_and_scores_are_those_of_the_official_package()
    {
        await WriteAsync(1, 2);

        var entries = await Store.Connection.CallAsync(
            database => database.SortedSetRangeByScoreWithScoresAsync($"test:journal:persisted:{Pid}"), default);
        var highest = await Store.Connection.CallAsync(
            database => database.StringGetAsync($"test:journal:persisted:{Pid}:highestSequenceNr"), default);

        Assert.Equal([1.0, 2.0], entries.Select(entry => entry.Score));
        Assert.Equal("2", highest);
    }

    [Fact]
    public async Task An_entry_that_does_not_parse_fails_the_replay_and_is_named()
    {
        await WriteAsync(1, 2);
        var key = Store.Keys.Journal(Pid);
        await PlantAsync(Pid, "not protobuf", 3);
        var probe = CreateTestProbe();

        Journal.Tell(new ReplayMessages(1, long.MaxValue, long.MaxValue, Pid, probe.Ref));

        await probe.ExpectMsgAsync<ReplayedMessage>();
        await probe.ExpectMsgAsync<ReplayedMessage>();
        var failure = await probe.ExpectMsgAsync<ReplayMessagesFailure>();
        Assert.Contains(
            $"Redis key '{key}' holds no readable event at sequence number 3", Deepest(failure.Cause).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_entry_and_an_event_in_the_wrong_place_fail_the_replay()
    {
        await WriteAsync(1, 1);
        var entry = Assert.Single(
            await Store.Connection.CallAsync(database => database.SortedSetRangeByScoreAsync(Store.Keys.Journal(Pid)), default));
        foreach (
            var (pid, member, score) in new (string, RedisValue, long)[] { ($"{Pid}-a", "", 1), ($"{Pid}-b", entry, 1), (Pid, entry, 9) })
        {
            await PlantAsync(pid, member, score);
            var probe = CreateTestProbe();

            Journal.Tell(new ReplayMessages(score > 1 ? 2 : 1, long.MaxValue, long.MaxValue, pid, probe.Ref));

            var failure = await probe.ExpectMsgAsync<ReplayMessagesFailure>();
            Assert.Contains(Store.Keys.Journal(pid), Deepest(failure.Cause).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("many")]
    [InlineData("-1")]
    public async Task A_highest_sequence_number_that_is_none_fails_the_recovery_and_is_named(string bad)
    {
        var key = Store.Keys.HighestSequenceNr(Pid);
        await Store.Connection.CallAsync(database => database.StringSetAsync(key, bad), default);
        var probe = CreateTestProbe();

        Journal.Tell(new ReplayMessages(1, long.MaxValue, long.MaxValue, Pid, probe.Ref));

        var failure = await probe.ExpectMsgAsync<ReplayMessagesFailure>();
        Assert.Contains($"Redis key '{key}' holds no sequence number", Deepest(failure.Cause).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_that_redis_refuses_is_a_failure_and_nothing_of_it_is_stored()
    {
        await Store.Connection.CallAsync(database => database.HashSetAsync(Store.Keys.Journal(Pid), "a", "hash"), default);
        var probe = CreateTestProbe();

        Journal.Tell(new WriteMessages([Atomic(Event(1))], probe.Ref, 1));

        await probe.ExpectMsgAsync<WriteMessagesFailed>();
        var failure = await probe.ExpectMsgAsync<WriteMessageFailure>();
        Assert.Contains("WRONGTYPE", Deepest(failure.Cause).Message, StringComparison.Ordinal);
    }

    private Persistent Event(long sequenceNr, object? payload = null, string? pid = null) =>
        new(payload ?? $"event {sequenceNr}", sequenceNr, pid ?? Pid, "", false, ActorRefs.NoSender, _writer);

    private static AtomicWrite Atomic(params IPersistentRepresentation[] events) => new(events.ToImmutableList());

    private async Task WriteAsync(long from, long to, string? pid = null)
    {
        var probe = CreateTestProbe();
        Journal.Tell(new WriteMessages([.. Range(from, to).Select(n => Atomic(Event(n, pid: pid)))], probe.Ref, 1));
        await ExpectWrittenAsync(probe, (int)(to - from + 1));
    }

    private async Task<Exception> RefusedAsync(long number)
    {
        var probe = CreateTestProbe();
        Journal.Tell(new WriteMessages([Atomic(Event(number))], probe.Ref, 1));
        await probe.ExpectMsgAsync<WriteMessagesFailed>();
        return Deepest((await probe.ExpectMsgAsync<WriteMessageFailure>()).Cause);
    }

    private static async Task ExpectWrittenAsync(TestProbe probe, int events)
    {
        await probe.ExpectMsgAsync<WriteMessagesSuccessful>();
        for (var i = 0; i < events; i++)
        {
            await probe.ExpectMsgAsync<WriteMessageSuccess>();
        }
    }

    private async Task PlantAsync(string pid, RedisValue member, long sequenceNr)
    {
        await Store.Connection.CallAsync(database => database.SortedSetAddAsync(Store.Keys.Journal(pid), member, sequenceNr), default);
        await Store.Connection.CallAsync(database => database.StringSetAsync(Store.Keys.HighestSequenceNr(pid), sequenceNr), default);
    }

    private async Task DeleteAsync(long to)
    {
        var probe = CreateTestProbe();
        Journal.Tell(new DeleteMessagesTo(Pid, to, probe.Ref));
        await probe.ExpectMsgAsync<DeleteMessagesSuccess>();
    }

    private async Task<IEnumerable<long>> ReplayAsync(long from, long to, long max) =>
        (await ReplayedAsync(from, to, max)).Select(replayed => replayed.SequenceNr);

    private async Task<List<IPersistentRepresentation>> ReplayedAsync(long from, long to, long max)
    {
        var probe = CreateTestProbe();
        Journal.Tell(new ReplayMessages(from, to, max, Pid, probe.Ref));
        var replayed = new List<IPersistentRepresentation>();
        while (await probe.ExpectMsgAsync<object>() is ReplayedMessage one)
        {
            replayed.Add(one.Persistent);
        }

        Assert.IsType<RecoverySuccess>(probe.LastMessage);
        return replayed;
    }

    private async Task<long> HighestAsync()
    {
        var probe = CreateTestProbe();
        Journal.Tell(new ReplayMessages(0, 0, 0, Pid, probe.Ref));
        return (await probe.ExpectMsgAsync<RecoverySuccess>()).HighestSequenceNr;
    }

    private static IEnumerable<long> Range(long from, long to)
    {
        for (var n = from; n <= to; n++)
        {
            yield return n;
        }
    }
}
