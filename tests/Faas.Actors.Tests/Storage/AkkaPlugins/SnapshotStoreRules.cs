using Akka.Actor;
using Akka.Persistence;
using Faas.Actors.Tests.Storage.Stores;
using Xunit;

namespace Faas.Actors.Tests.Storage.AkkaPlugins;

public sealed class SnapshotStoreRulesOnRedis(RedisServerStore store) : SnapshotStoreRules(store), IClassFixture<RedisServerStore>;

public sealed class SnapshotStoreRulesOnTheEmbeddedStore(EmbeddedStore store) : SnapshotStoreRules(store), IClassFixture<EmbeddedStore>;

/// <summary>What Akka asks of a snapshot store, by the store's own messages. Five snapshots: numbers 10, 20 … 50, an hour apart.</summary>
public abstract class SnapshotStoreRules(StoreFixture store) : StoreTestKit(store)
{
    private static readonly DateTime s_noon = new(2026, 1, 1, 12, 0, 0, DateTimeKind.Utc);

    public static TheoryData<long, int, long, int?, long?> Selections => new()
    {
        // max number, max hour, min number, min hour -> chosen
        { long.MaxValue, 99, 0, null, 50 },
        { 30, 99, 0, null, 30 },
        { 29, 99, 0, null, 20 },
        { 9, 99, 0, null, null },
        { 0, 99, 0, null, null },
        { long.MaxValue, 3, 0, null, 30 },
        { long.MaxValue, 0, 0, null, null },
        { 40, 2, 0, null, 20 },
        { long.MaxValue, 99, 50, null, 50 },
        { long.MaxValue, 99, 51, null, null },
        { long.MaxValue, 3, 31, null, null },
        { long.MaxValue, 99, 0, 5, 50 },
        { long.MaxValue, 99, 0, 6, null },
        { 30, 99, 0, 4, null },
        { 40, 99, 30, 3, 40 },
    };

    [Fact]
    public async Task Nothing_is_loaded_when_nothing_was_saved()
    {
        Assert.Null(await LoadAsync(SnapshotSelectionCriteria.Latest));
    }

    [Theory]
    [MemberData(nameof(Selections))]
    public async Task The_newest_snapshot_within_numbers_and_times_is_loaded(
        long maxNumber, int maxHour, long minNumber, int? minHour, long? chosen)
    {
        await SaveFiveAsync();

        var loaded = await LoadAsync(new SnapshotSelectionCriteria(
            maxNumber, maxHour == 99
                ? DateTime.MaxValue
                : s_noon.AddHours(maxHour), minNumber, minHour is { } hour
                ? s_noon.AddHours(hour)
                : null));

        Assert.Equal(chosen, loaded?.Metadata.SequenceNr);
    }

    [Fact]
    public async Task A_replay_limit_bounds_the_choice_as_well()
    {
        await SaveFiveAsync();

        Assert.Equal(20, (await LoadAsync(SnapshotSelectionCriteria.Latest, toSequenceNr: 29))?.Metadata.SequenceNr);
    }

    [Fact]
    public async Task A_snapshot_comes_back_as_it_was_saved()
    {
        await SaveAsync(7, new State("größer", [1, 2, 3]), s_noon.AddTicks(1));

        var loaded = await LoadAsync(SnapshotSelectionCriteria.Latest);

        Assert.Equal(new SnapshotMetadata(Pid, 7, s_noon.AddTicks(1)), loaded!.Metadata);
        Assert.Equal(s_noon.AddTicks(1), loaded.Metadata.Timestamp);
        var state = Assert.IsType<State>(loaded.Snapshot);
        Assert.Equal("größer", state.Name);
        Assert.Equal([1, 2, 3], state.Numbers.AsEnumerable());
    }

    [Fact]
    public async Task Saving_tells_when_it_was_saved()
    {
        var probe = CreateTestProbe();
        var before = DateTime.UtcNow;
        Snapshots.Tell(new SaveSnapshot(new SnapshotMetadata(Pid, 1, before), "state"), probe.Ref);

        var saved = await probe.ExpectMsgAsync<SaveSnapshotSuccess>();

        Assert.InRange(saved.Metadata.Timestamp, before, DateTime.UtcNow);
        Assert.Equal(saved.Metadata.Timestamp, (await LoadAsync(SnapshotSelectionCriteria.Latest))!.Metadata.Timestamp);
    }

    [Fact]
    public async Task A_snapshot_replaces_one_of_the_same_number()
    {
        await SaveAsync(7, "first", s_noon.AddHours(2));
        await SaveAsync(7, "second", s_noon.AddHours(1));

        Assert.Equal("second", (await LoadAsync(SnapshotSelectionCriteria.Latest))!.Snapshot);
        Assert.Equal(1, await Store.Connection.CallAsync(database => database.SortedSetLengthAsync(Store.Keys.Snapshot(Pid)), default));
    }

    [Fact]
    public async Task A_deleted_snapshot_is_gone_and_its_neighbours_are_not()
    {
        await SaveFiveAsync();

        await DeleteAsync(new SnapshotMetadata(Pid, 30, s_noon.AddHours(3)));

        Assert.Equal([10, 20, 40, 50], (await NumbersAsync()).AsEnumerable());
    }

    [Fact]
    public async Task A_snapshot_of_another_time_is_not_deleted()
    {
        await SaveFiveAsync();

        await DeleteAsync(new SnapshotMetadata(Pid, 30, s_noon.AddHours(4)));

        Assert.Equal([10, 20, 30, 40, 50], (await NumbersAsync()).AsEnumerable());
    }

    [Fact]
    public async Task A_snapshot_is_deleted_by_number_alone_when_no_time_is_given()
    {
        await SaveFiveAsync();

        await DeleteAsync(new SnapshotMetadata(Pid, 30, DateTime.MinValue));

        Assert.Equal([10, 20, 40, 50], (await NumbersAsync()).AsEnumerable());
    }

    [Theory]
    [InlineData(30, 99, 0, null, "40 50")]
    [InlineData(long.MaxValue, 2, 0, null, "30 40 50")]
    [InlineData(40, 3, 20, null, "10 40 50")]
    [InlineData(long.MaxValue, 99, 0, 4, "10 20 30")]
    [InlineData(long.MaxValue, 99, 0, null, "")]
    [InlineData(9, 99, 0, null, "10 20 30 40 50")]
    public async Task Snapshots_are_deleted_within_numbers_and_times(long maxNumber, int maxHour, long minNumber, int? minHour, string left)
    {
        await SaveFiveAsync();
        var probe = CreateTestProbe();

        Snapshots.Tell(
            new DeleteSnapshots(Pid, new SnapshotSelectionCriteria(
                maxNumber, maxHour == 99
                    ? DateTime.MaxValue
                    : s_noon.AddHours(maxHour), minNumber, minHour is { } hour
                    ? s_noon.AddHours(hour)
                    : null)),
            probe.Ref);
        await probe.ExpectMsgAsync<DeleteSnapshotsSuccess>();

        Assert.Equal(left, string.Join(' ', await NumbersAsync()));
    }

    [Fact]
    public async Task A_snapshot_that_cannot_be_serialized_is_not_saved()
    {
        var probe = CreateTestProbe();

        Snapshots.Tell(new SaveSnapshot(new SnapshotMetadata(Pid, 1, s_noon), new Unserializable()), probe.Ref);

        Assert.Equal("this event cannot be stored", Deepest((await probe.ExpectMsgAsync<SaveSnapshotFailure>()).Cause).Message);
        Assert.Null(await LoadAsync(SnapshotSelectionCriteria.Latest));
    }

    [Fact]
    public async Task Of_two_snapshots_of_one_number_that_the_official_package_left_the_later_is_loaded()
    {
        await PlantAsync(7, Record(7, s_noon.AddHours(1), "early"));
        await PlantAsync(7, Record(7, s_noon.AddHours(3), "late"));
        await PlantAsync(7, Record(7, s_noon.AddHours(2), "between"));
        await PlantAsync(6, Record(6, s_noon.AddHours(9), "older"));

        Assert.Equal("late", (await LoadAsync(SnapshotSelectionCriteria.Latest))!.Snapshot);
        Assert.Equal("between", (await LoadAsync(new SnapshotSelectionCriteria(7, s_noon.AddHours(2.5))))!.Snapshot);
    }

    [Theory]
    [InlineData("not protobuf")]
    [InlineData("")]
    public async Task An_entry_that_does_not_parse_fails_the_load_and_is_named(string bad)
    {
        await SaveAsync(1, "good", s_noon);
        await PlantAsync(2, System.Text.Encoding.UTF8.GetBytes(bad));
        var probe = CreateTestProbe();

        Snapshots.Tell(new LoadSnapshot(Pid, SnapshotSelectionCriteria.Latest, long.MaxValue), probe.Ref);

        var failure = await probe.ExpectMsgAsync<LoadSnapshotFailed>();
        Assert.Contains(
            $"Redis key '{Store.Keys.Snapshot(Pid)}' holds no readable snapshot at sequence number 2",
            Deepest(failure.Cause).Message,
            StringComparison.Ordinal);
        Assert.Equal("good", (await LoadAsync(new SnapshotSelectionCriteria(1)))!.Snapshot);
    }

    [Fact]
    public async Task A_snapshot_whose_payload_cannot_be_read_fails_the_load_and_is_named()
    {
        await PlantAsync(
            2,
            new Faas.Actors.Storage.AkkaPlugins.SnapshotRecord(
                new SnapshotMetadata(Pid, 2, s_noon), 424_242, Google.Protobuf.ByteString.Empty, "")
                .ToBytes());
        var probe = CreateTestProbe();

        Snapshots.Tell(new LoadSnapshot(Pid, SnapshotSelectionCriteria.Latest, long.MaxValue), probe.Ref);

        var failure = await probe.ExpectMsgAsync<LoadSnapshotFailed>();
        Assert.Contains(Store.Keys.Snapshot(Pid), Deepest(failure.Cause).Message, StringComparison.Ordinal);
    }

    private async Task SaveFiveAsync()
    {
        for (var i = 1; i <= 5; i++)
        {
            await SaveAsync(10 * i, $"state {i}", s_noon.AddHours(i));
        }
    }

    private async Task SaveAsync(long number, object snapshot, DateTime at)
    {
        var probe = CreateTestProbe();
        Snapshots.Tell(new SaveSnapshot(new SnapshotMetadata(Pid, number, at), snapshot), probe.Ref);
        await probe.ExpectMsgAsync<SaveSnapshotSuccess>();
    }

    private async Task<SelectedSnapshot?> LoadAsync(SnapshotSelectionCriteria criteria, long toSequenceNr = long.MaxValue)
    {
        var probe = CreateTestProbe();
        Snapshots.Tell(new LoadSnapshot(Pid, criteria, toSequenceNr), probe.Ref);
        return (await probe.ExpectMsgAsync<LoadSnapshotResult>()).Snapshot;
    }

    private async Task DeleteAsync(SnapshotMetadata metadata)
    {
        var probe = CreateTestProbe();
        Snapshots.Tell(new DeleteSnapshot(metadata), probe.Ref);
        await probe.ExpectMsgAsync<DeleteSnapshotSuccess>();
    }

    private async Task<long[]> NumbersAsync()
    {
        var entries = await Store.Connection.CallAsync(
            database => database.SortedSetRangeByScoreWithScoresAsync(Store.Keys.Snapshot(Pid)), default);
        return [.. entries.Select(entry => (long)entry.Score)];
    }

    private byte[] Record(long number, DateTime at, string state) =>
        Faas.Actors.Storage.AkkaPlugins.SnapshotRecord.Of(new SnapshotMetadata(Pid, number, at), state, (ExtendedActorSystem)Sys).ToBytes();

    private Task<bool> PlantAsync(long number, byte[] bytes) =>
        Store.Connection.CallAsync(database => database.SortedSetAddAsync(Store.Keys.Snapshot(Pid), bytes, number), default);

    private sealed record State(string Name, int[] Numbers);
}
