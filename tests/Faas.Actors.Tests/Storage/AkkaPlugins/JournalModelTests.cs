using System.Collections.Immutable;
using Akka.Actor;
using Akka.Persistence;
using CsCheck;
using Faas.Actors.Tests.Storage.Stores;
using Xunit;

namespace Faas.Actors.Tests.Storage.AkkaPlugins;

/// <summary>Every sequence of writes, deletions and replays gives the same as a list in memory.</summary>
public sealed class JournalModelTests(EmbeddedStore store) : StoreTestKit(store), IClassFixture<EmbeddedStore>
{
    private static readonly Gen<Operation> s_anyOperation = Gen.OneOf<Operation>(
        Gen.Int[1, 9].Array[1, 5].Select(sizes => new Write(sizes)),
        Gen.Long[0, 60].Select(to => new Delete(to)),
        Gen.Select(Gen.Long[0, 60], Gen.Long[0, 60], Gen.Long[0, 20]).Select((from, to, max) => new Replay(from, to, max)));

    [Fact]
    public async Task A_journal_behaves_as_a_list()
    {
        await s_anyOperation.Array[1, 15].SampleAsync(
            async operations => await RunAsync($"actor-{Guid.NewGuid():N}", operations), iter: 60, threads: 1);
    }

    private async Task RunAsync(string pid, Operation[] operations)
    {
        var (events, highest) = (new SortedSet<long>(), 0L);
        foreach (var operation in operations)
        {
            switch (operation)
            {
                case Write(var sizes):
                    await WriteAsync(pid, highest, sizes);
                    events.UnionWith(Enumerable.Range(1, sizes.Sum()).Select(n => highest + n));
                    highest += sizes.Sum();
                    break;
                case Delete(var to):
                    await DeleteAsync(pid, to);
                    events.RemoveWhere(n => n <= to);
                    break;
                case Replay(var from, var to, var max):
                    var (replayed, highestTold) = await ReplayAsync(pid, from, to, max);
                    Assert.Equal(events.Where(n => n >= from && n <= to).Take((int)max), replayed);
                    Assert.Equal(highest, highestTold);
                    break;
            }
        }
    }

    private async Task WriteAsync(string pid, long highest, int[] sizes)
    {
        var probe = CreateTestProbe();
        var next = highest;
        Journal.Tell(new WriteMessages(
            [
                .. sizes.Select(size => new AtomicWrite(Enumerable.Range(0, size).Select(_ =>
                    (IPersistentRepresentation)new Persistent("event", ++next, pid, "", false, ActorRefs.NoSender, "writer")).ToImmutableList())),
            ],
            probe.Ref,
            1));
        await probe.ExpectMsgAsync<WriteMessagesSuccessful>();
        await probe.ReceiveNAsync(sizes.Sum(), default).ToListAsync();
        Sys.Stop(probe.Ref);
    }

    private async Task DeleteAsync(string pid, long to)
    {
        var probe = CreateTestProbe();
        Journal.Tell(new DeleteMessagesTo(pid, to, probe.Ref));
        await probe.ExpectMsgAsync<DeleteMessagesSuccess>();
        Sys.Stop(probe.Ref);
    }

    private async Task<(List<long> Replayed, long Highest)> ReplayAsync(string pid, long from, long to, long max)
    {
        var probe = CreateTestProbe();
        Journal.Tell(new ReplayMessages(from, to, max, pid, probe.Ref));
        var replayed = new List<long>();
        while (await probe.ExpectMsgAsync<object>() is ReplayedMessage one)
        {
            replayed.Add(one.Persistent.SequenceNr);
        }

        Sys.Stop(probe.Ref);
        return (replayed, Assert.IsType<RecoverySuccess>(probe.LastMessage).HighestSequenceNr);
    }

    private abstract record Operation;

    private sealed record Write(int[] Sizes) : Operation
    {
        public override string ToString() => $"Write({string.Join('+', Sizes)})";
    }

    private sealed record Delete(long To) : Operation;

    private sealed record Replay(long From, long To, long Max) : Operation;
}
