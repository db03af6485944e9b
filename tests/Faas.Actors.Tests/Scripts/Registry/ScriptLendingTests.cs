using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Faas.Actors.Lending;
using Faas.Actors.Scripts;
using Faas.Actors.Scripts.Registry;
using Faas.Actors.Tests.Lending;
using Xunit;

namespace Faas.Actors.Tests.Scripts.Registry;

/// <summary>What a script's actor promises to the nodes that serve the script from memory.</summary>
[Collection(nameof(FailingJournal))]
public sealed class ScriptLendingTests : ScriptTestKit
{
    private static readonly TimeSpan s_often = TimeSpan.FromMilliseconds(20);
    private readonly ScriptsInMemory _store = new();
    private readonly SettableAuthority _authority = new();
    private readonly OtherNode _node = new("second");
    private readonly ManualTime _time = new(DateTimeOffset.UnixEpoch);
    private readonly IActorRef _registry;

    public ScriptLendingTests()
        : base(Setup)
    {
        FailingJournal.Fails = "";
        _registry = Script("p", _store, _store, _store);
    }

    protected override IAuthority Authority => _authority;

    // No loan is over before a test says so.
    protected override TimeProvider LoanTime => _time;

    private static ActorSystemSetup Setup => ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(
        $$"""
        {{FailingJournal.Settings}}
        akka.persistence.snapshot-store.plugin = "akka.persistence.snapshot-store.inmem"
        """)));

    [Fact]
    public async Task A_node_gets_what_calls_need_of_a_script()
    {
        var (first, second, third) = (await PublishAsync("return 1"), await PublishAsync("return 2"), await PublishAsync("return 3"));
        await AskAsync(new MoveAlias("p", "stable", new AliasTarget(first), RevisionCondition.None, DateTimeOffset.UtcNow));

        var lent = await BorrowAsync(asked: 7);

        Assert.Equal([first, third], lent.Versions!.Select(version => version.Number));
        Assert.Equal((7, LoanBook.Short), (lent.Asked, lent.For));
        Assert.Equal((first, third), (lent.ToState()!.Traits.Aliases["stable"].Target.Version, lent.ToState()!.Latest!.Number));
        Assert.Null(lent.ToState()!.Find(second));
    }

    [Fact]
    public async Task A_change_is_acknowledged_and_seen_only_when_no_node_serves_what_was_before_it()
    {
        var before = await PublishAsync("return 1");
        await BorrowAsync();
        _node.IsSilent = true;

        var publishing = PublishAsync("return 2");
        await AwaitConditionAsync(() => Task.FromResult(_node.Got[^1] is Recall { Id: "p" }), Patience, s_often);
        await ChangeIsStoredAsync(events: 2);
        Assert.Equal(before, Assert.IsType<VersionFound>(await GetAsync(_registry, "p")).Version.Number);
        Assert.Equal(before, Live.Find("p")!.Latest!.Number);
        Assert.False(publishing.IsCompleted);

        _node.Wake();
        var after = await publishing;
        Assert.Equal(after, Live.Find("p")!.Latest!.Number);
        Assert.Equal(after, Assert.IsType<VersionFound>(await GetAsync(_registry, "p")).Version.Number);
    }

    [Fact]
    public async Task A_node_that_answers_no_more_holds_a_change_up_until_its_loan_is_over()
    {
        await PublishAsync("return 1");
        await BorrowAsync();
        _node.IsSilent = true;

        var publishing = PublishAsync("return 2");
        await AwaitConditionAsync(() => Task.FromResult(_node.Got[^1] is Recall), Patience, s_often);
        await ChangeIsStoredAsync(events: 2);
        Assert.False(publishing.IsCompleted);
        _time.Now += LoanBook.Short;

        Assert.Equal(await publishing, Live.Find("p")!.Latest!.Number);
    }

    [Fact]
    public async Task A_node_that_asks_during_a_change_gets_the_script_after_it()
    {
        await PublishAsync("return 1");
        await BorrowAsync();
        _node.IsSilent = true;
        var publishing = PublishAsync("return 2");
        await AwaitConditionAsync(() => Task.FromResult(_node.Got[^1] is Recall), Patience, s_often);

        var third = new OtherNode("third");
        _registry.Tell(new BorrowScript("p", 1), third);
        await GetAsync(_registry, "p"); // the actor has read what was sent before
        Assert.Empty(third.Got);
        _node.Wake();
        var after = await publishing;

        await AwaitConditionAsync(() => Task.FromResult(third.Got.Count > 0), Patience, s_often);
        Assert.Equal(after, Assert.IsType<ScriptLent>(third.Got[0]).ToState()!.Latest!.Number);
    }

    [Fact]
    public async Task Changes_that_follow_each_other_are_acknowledged_in_their_order_though_nodes_borrow_in_between()
    {
        await PublishAsync("return 0");
        var acknowledged = new List<long>();
        var publishing = Enumerable.Range(1, 20).Select(async number =>
        {
            _registry.Tell(new BorrowScript("p", number), _node);
            var version = await PublishAsync($"return {number}");
            lock (acknowledged)
            {
                acknowledged.Add(version);
            }
        });

        await Task.WhenAll(publishing);

        Assert.Equal(20, acknowledged.Distinct().Count());
        Assert.Equal(acknowledged.Max(), Live.Find("p")!.Latest!.Number);
        var lent = _node.Got.OfType<ScriptLent>().Where(lent => lent.Versions is not null).Select(lent => lent.Revision).ToList();
        Assert.Equal(lent.Order(), lent);
    }

    [Fact]
    public async Task An_actor_that_follows_one_that_the_store_failed_waits_for_what_that_one_has_lent()
    {
        await PublishAsync("return 1");
        await BorrowAsync();
        _node.IsSilent = true;
        FailingJournal.Fails = "lose the reply";
        await Assert.ThrowsAsync<InvalidOperationException>(() => PublishAsync("return 2"));
        FailingJournal.Fails = "";

        await AwaitConditionAsync(() => Task.FromResult(_node.Got.Count(got => got is Recall) > 1), Patience, s_often);
        var found = GetAsync(_registry, "p");
        Assert.NotEmpty(Loans.Open("p").Borrowers);
        Assert.False(found.IsCompleted);
        _node.Wake();

        var version = Assert.IsType<VersionFound>(await found).Version.Number;
        Assert.Equal(version, Live.Find("p")!.Latest!.Number);
        Assert.Empty(Loans.Open("p").Borrowers);
    }

    [Fact]
    public async Task An_answer_to_an_earlier_recall_returns_nothing_that_was_lent_since()
    {
        await PublishAsync("return 1");
        await BorrowAsync();
        _node.IsSilent = true;
        var first = PublishAsync("return 2");
        await AwaitConditionAsync(() => Task.FromResult(_node.Got[^1] is Recall), Patience, s_often);
        var early = (Recall)_node.Got[^1];
        _time.Now += LoanBook.Short; // the loan is over before the node has answered
        await first;
        await BorrowAsync();
        _registry.Tell(new Returned(early.Id, early.Number), _node);
        await GetAsync(_registry, "p");
        Assert.NotEmpty(Loans.Open("p").Borrowers);

        var second = PublishAsync("return 3");
        await AwaitConditionAsync(() => Task.FromResult(_node.Got[^1] is Recall), Patience, s_often);
        _registry.Tell(new Returned(early.Id, early.Number), _node);
        await ChangeIsStoredAsync(events: 3);
        Assert.False(second.IsCompleted);
        _node.Wake();
        await second;
    }

    [Fact]
    public async Task What_was_shown_in_one_term_is_not_served_in_the_next()
    {
        await PublishAsync("return 1");
        FailingJournal.Fails = "write";
        await Assert.ThrowsAsync<InvalidOperationException>(() => PublishAsync("return 2"));
        Assert.NotNull(Live.Find("p"));

        _authority.Number++; // another node has had the script in between
        Assert.Null(Live.Find("p"));
        FailingJournal.Fails = "";
        await AwaitConditionAsync(() => Task.FromResult(Live.Find("p") is not null), Patience, s_often);
    }

    [Fact]
    public async Task A_node_that_may_not_speak_for_a_script_shows_and_lends_nothing()
    {
        await PublishAsync("return 1");
        _authority.Lasts = TimeSpan.Zero;

        Assert.Equal(TimeSpan.Zero, (await BorrowAsync()).For);
        Assert.IsType<StoreUnavailable>(await GetAsync(_registry, "p"));
        Assert.Null(Live.Find("p"));
        Assert.Null(Live.FindCertain("p"));
    }

    private async Task<long> PublishAsync(string source) => (await PublishAsync(_registry, "p", source)).Version;

    private Task<IWithScriptPath> AskAsync(IScriptRequest request) => _registry.Ask<IWithScriptPath>(request, Patience);

    private async Task<ScriptLent> BorrowAsync(long asked = 1)
    {
        var before = _node.Got.Count;
        _registry.Tell(new BorrowScript("p", asked), _node);
        await AwaitConditionAsync(() => Task.FromResult(_node.Got.Count > before), Patience, s_often);
        return Assert.IsType<ScriptLent>(_node.Got[before]);
    }

    // The line in the list follows the event.
    private Task<ScriptList> ChangeIsStoredAsync(int events) =>
        ListsAsync(list => list.Scripts is [{ Versions: var versions }] && versions == events);
}
