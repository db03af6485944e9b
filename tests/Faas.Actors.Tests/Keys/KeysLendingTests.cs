using Akka.Actor;
using Akka.TestKit.Xunit2;
using Faas.Actors.Durable;
using Faas.Actors.Keys;
using Faas.Actors.Lending;
using Faas.Actors.Tests.Lending;
using Xunit;

namespace Faas.Actors.Tests.Keys;

/// <summary>What a durable actor promises to the nodes that have borrowed its state, tried with the keys.</summary>
public sealed class KeysLendingTests : TestKit
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15), s_often = TimeSpan.FromMilliseconds(20);
    private static readonly StoredKey s_key = new("ci", ["write"], new string('a', 64), [], DateTimeOffset.UnixEpoch);

    private readonly SettableAuthority _authority = new();
    private readonly OtherNode _node = new("second");
    private readonly LoanBook _loans;
    private readonly LiveKeys _live;

    public KeysLendingTests()
        : base("akka { loglevel = OFF, stdout-loglevel = OFF }")
    {
        _loans = new LoanBook(_authority, new ManualTime(DateTimeOffset.UnixEpoch)); // no loan is over
        _live = new LiveKeys(_authority, TimeProvider.System);
    }

    [Fact]
    public async Task A_change_is_acknowledged_when_each_node_serves_it()
    {
        var keys = Start();
        Assert.Empty((await BorrowAsync(keys, known: null)).ToState()!.Keys);
        _node.IsSilent = true;

        var creating = keys.Ask<IKeyReply>(new CreateKey(s_key), s_patience);
        await AwaitConditionAsync(() => Task.FromResult(_node.Got[^1] is KeysLent { Asked: 0 }), s_patience, s_often);
        var third = new OtherNode("third");
        keys.Tell(new BorrowKeys(null, 5), third);
        await AwaitConditionAsync(() => Task.FromResult(third.Got.Count > 0), s_patience, s_often);
        Assert.Equal("ci", Assert.Single(((KeysLent)third.Got[0]).ToState()!.Keys).Key);
        Assert.False(creating.IsCompleted);

        _node.Wake();
        Assert.IsType<KeyStored>(await creating);
        Assert.Equal(1, ((KeysLent)_node.Got[^1]).Revision);
    }

    [Fact]
    public async Task A_node_that_has_the_latest_revision_is_not_sent_the_state_again()
    {
        var keys = Start();
        await keys.Ask<IKeyReply>(new CreateKey(s_key), s_patience);

        Assert.Null((await BorrowAsync(keys, known: 1)).Keys);
        Assert.Equal("ci", Assert.Single((await BorrowAsync(keys, known: 0)).ToState()!.Keys).Key);
    }

    [Fact]
    public async Task After_another_node_the_first_change_waits_until_what_that_one_lent_is_over()
    {
        _authority.OfOthers = TimeSpan.FromSeconds(1);
        var keys = Start();

        var creating = keys.Ask<IKeyReply>(new CreateKey(s_key), s_patience);
        await AwaitConditionAsync(() => Task.FromResult(_live.Current?.Keys.Count == 1), s_patience, s_often);
        Assert.False(creating.IsCompleted);
        Assert.IsType<KeyStored>(await creating);
    }

    [Fact]
    public async Task A_node_whose_answer_was_lost_confirms_a_change_when_it_asks_by_its_revision()
    {
        var keys = Start();
        await BorrowAsync(keys, known: null);
        _node.IsSilent = true;
        var creating = keys.Ask<IKeyReply>(new CreateKey(s_key), s_patience);
        await AwaitConditionAsync(() => Task.FromResult(_node.Got[^1] is KeysLent { Asked: 0 }), s_patience, s_often);

        await BorrowAsync(keys, known: 0);
        Assert.False(creating.IsCompleted);
        await BorrowAsync(keys, known: 1);

        Assert.IsType<KeyStored>(await creating);
    }

    [Fact]
    public async Task What_a_refusal_says_is_true_on_every_node()
    {
        var keys = Start();
        await keys.Ask<IKeyReply>(new CreateKey(s_key), s_patience);
        await BorrowAsync(keys, known: 1);
        _node.IsSilent = true;
        var revoking = keys.Ask<IKeyReply>(new RevokeKey("ci", DateTimeOffset.UnixEpoch), s_patience);
        await AwaitConditionAsync(() => Task.FromResult(_node.Got[^1] is KeysLent { Asked: 0 }), s_patience, s_often);

        var again = keys.Ask<IKeyReply>(new RevokeKey("ci", DateTimeOffset.UnixEpoch), s_patience);
        await BorrowAsync(keys, known: 1);
        Assert.False(again.IsCompleted);
        _node.Wake();
        Assert.IsType<KeyEnded>(await revoking);
        Assert.IsType<KeyUnknown>(await again);
    }

    [Fact]
    public async Task A_node_that_may_not_speak_for_the_keys_any_more_refuses_nothing_by_what_it_knows()
    {
        var keys = Start();
        await keys.Ask<KeysKnown>(GetKeys.Instance, s_patience);
        _authority.Lasts = TimeSpan.Zero;
        Assert.IsType<KeyStoreFailed>(await keys.Ask<IKeyReply>(new RevokeKey("ci", DateTimeOffset.UnixEpoch), s_patience));
    }

    [Fact]
    public async Task An_actor_that_is_to_end_first_ends_the_change_under_way()
    {
        var keys = await WatchAsync(Start());
        await BorrowAsync(keys, known: null);
        _node.IsSilent = true;
        var creating = keys.Ask<IKeyReply>(new CreateKey(s_key), s_patience);
        await AwaitConditionAsync(() => Task.FromResult(_node.Got[^1] is KeysLent { Asked: 0 }), s_patience, s_often);
        keys.Tell(DurableHosting.StopMessage);
        _node.Wake();

        Assert.IsType<KeyStored>(await creating);
        await ExpectTerminatedAsync(keys, s_patience);
    }

    [Fact]
    public async Task A_node_that_may_not_speak_for_the_keys_shows_none_and_lends_none()
    {
        var keys = Start();
        await keys.Ask<IKeyReply>(new CreateKey(s_key), s_patience);
        _authority.Lasts = TimeSpan.Zero;

        keys.Tell(new BorrowKeys(null, 5), _node);
        await keys.Ask<KeysKnown>(GetKeys.Instance, s_patience);
        Assert.Empty(_node.Got);
        Assert.Null(_live.Current);
    }

    private IActorRef Start() => Sys.ActorOf(Props.Create(() => new KeysActor(_live, _loans)));

    private async Task<KeysLent> BorrowAsync(IActorRef keys, long? known)
    {
        var before = _node.Got.Count;
        keys.Tell(new BorrowKeys(known, 5), _node);
        await AwaitConditionAsync(() => Task.FromResult(_node.Got.Count > before), s_patience, s_often);
        return Assert.IsType<KeysLent>(_node.Got[before]);
    }
}
