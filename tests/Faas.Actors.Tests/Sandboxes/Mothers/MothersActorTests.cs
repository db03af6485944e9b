using Akka.Actor;
using Akka.TestKit.Xunit2;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;
using Faas.Actors.Sandboxes.Mothers;
using Faas.Actors.Scripts;
using Xunit;

namespace Faas.Actors.Tests.Sandboxes.Mothers;

/// <summary>Tests the actors of mothers, with scripted processes.</summary>
public sealed class MothersActorTests : TestKit
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private static readonly ImageKey s_node = new(Runtime.Node);
    private readonly ScriptedMotherLauncher _launcher = new();
    private int _tokens;

    public MothersActorTests()
        : base("akka.loglevel = ERROR")
    {
    }

    [Fact]
    public async Task A_sandbox_is_a_fork_of_a_mother_who_tells_how_it_ended()
    {
        var mothers = Mothers();
        var order = Order(mothers);
        var mother = _launcher.NextWarm();
        mother.Bear(order.Token, 7);
        var child = await order.Launched.WaitAsync(s_limit);
        Assert.Equal((ChildStream.Frames, ChildStream.Stderr), (child.Frames.Stream, child.Stderr.Stream));

        mothers.Tell(new ChildEnded(order));
        Assert.Equal(MotherOrder.Reap(7), mother.NextOrder());
        mother.Say(new ChildReaped(7, null));
        Assert.Equal(MotherOrder.Reap(7), mother.NextOrder()); // asks again
        mother.Say(new ChildReaped(7, 71 << 8));
        Assert.Equal(71 << 8, await order.Ended.WaitAsync(s_limit));
    }

    [Fact]
    public async Task Each_image_has_a_mother_of_its_own()
    {
        var mothers = Mothers();
        ChildOrder[] orders = [Order(mothers), Order(mothers, new ImageKey(Runtime.Python))];
        ScriptedMother[] started = [_launcher.Next(), _launcher.Next()];

        foreach (var order in orders)
        {
            var mother = started.Single(mother => mother.Image == order.Image);
            mother.Say(new MotherWarm());
            mother.Bear(order.Token, 7);
        }

        await Task.WhenAll(orders.Select(order => order.Launched)).WaitAsync(s_limit);
    }

    [Fact]
    public async Task A_mother_that_cannot_be_started_is_told_to_everyone_who_waits_and_the_next_order_tries_again()
    {
        _launcher.Refusal = "bwrap is missing";
        var mothers = Mothers();
        var failed = await Assert.ThrowsAsync<SandboxStartException>(() => Order(mothers).Launched.WaitAsync(s_limit));
        Assert.Contains("bwrap is missing", failed.Message, StringComparison.Ordinal);

        _launcher.Refusal = null;
        var order = Order(mothers);
        var mother = _launcher.NextWarm();
        mother.Bear(order.Token, 7);

        await order.Launched.WaitAsync(s_limit);
    }

    [Fact]
    public async Task When_a_mother_dies_orders_fail_with_her_last_words_and_her_sandboxes_have_ended()
    {
        var mothers = Mothers();
        var launched = Order(mothers);
        var mother = _launcher.NextWarm();
        mother.Bear(launched.Token, 7);
        await launched.Launched.WaitAsync(s_limit);
        var waiting = Order(mothers);
        mother.Expect(waiting.Token);

        mother.Die(1, "out of memory");

        var failed = await Assert.ThrowsAsync<SandboxStartException>(() => waiting.Launched.WaitAsync(s_limit));
        Assert.Contains("out of memory", failed.Message, StringComparison.Ordinal);
        Assert.Null(await launched.Ended.WaitAsync(s_limit));
        var next = Order(mothers);
        var successor = _launcher.NextWarm();
        successor.Bear(next.Token, 8);
        await next.Launched.WaitAsync(s_limit);
    }

    [Fact]
    public async Task No_order_is_lost_while_mothers_die_one_after_the_other()
    {
        var mothers = Mothers();
        using var enough = new CancellationTokenSource();
        var killing = Task.Run(() =>
        {
            while (!enough.IsCancellationRequested)
            {
                if (_launcher.TryNext(TimeSpan.FromMilliseconds(10)) is { } mother)
                {
                    mother.Say(new MotherWarm());
                    mother.Die(1);
                }
            }
        });

        var orders = new List<ChildOrder>();
        for (var round = 0; round < 300; round++)
        {
            orders.Add(Order(mothers));
            await Task.Yield();
        }

        foreach (var order in orders)
        {
            await Assert.ThrowsAsync<SandboxStartException>(() => order.Launched.WaitAsync(s_limit));
        }

        await enough.CancelAsync();
        await killing;
    }

    [Fact]
    public async Task After_so_many_sandboxes_a_successor_takes_over_and_the_old_one_goes_when_her_last_has_ended()
    {
        var mothers = Mothers(mostSandboxes: 2);
        var first = Order(mothers);
        var old = _launcher.NextWarm();
        old.Bear(first.Token, 1);
        old.Expect(Order(mothers).Token);
        var third = Order(mothers);
        var successor = _launcher.Next();
        old.Bear(third.Token, 3);
        await third.Launched.WaitAsync(s_limit); // the old one serves until the successor is warm

        successor.Say(new MotherWarm());
        await SettledAsync(mothers, "node-2");
        var fourth = Order(mothers);
        successor.Bear(fourth.Token, 1);
        await fourth.Launched.WaitAsync(s_limit);
        Assert.False(old.Exited.IsCompleted);
        mothers.Tell(new ChildEnded(first));
        mothers.Tell(new ChildEnded(third));
        Assert.Equal([MotherOrder.Reap(1), MotherOrder.Reap(3)], [old.NextOrder(), old.NextOrder()]);
        old.Say(new ForkFailed("2", "no pid left"));
        old.Say(new ChildReaped(1, 0));
        old.Say(new ChildReaped(3, 0));
        await old.Exited.WaitAsync(s_limit);
    }

    [Fact]
    public async Task One_that_says_nonsense_is_killed()
    {
        var order = Order(Mothers());
        var mother = _launcher.NextWarm();

        mother.Say(MotherReply.Parse("nonsense"));

        var failed = await Assert.ThrowsAsync<SandboxStartException>(() => order.Launched.WaitAsync(s_limit));
        Assert.Contains("nonsense", failed.Message, StringComparison.Ordinal);
        Assert.Equal(137, (await mother.Exited.WaitAsync(s_limit)).ExitCode);
    }

    [Fact]
    public async Task One_that_is_not_warm_in_time_is_killed()
    {
        var order = Order(Mothers(patience: TimeSpan.FromMilliseconds(100)));
        var mother = _launcher.Next();

        var failed = await Assert.ThrowsAsync<SandboxStartException>(() => order.Launched.WaitAsync(s_limit));
        Assert.Contains("not warm within 0.1 s", failed.Message, StringComparison.Ordinal);
        await mother.Exited.WaitAsync(s_limit);
    }

    [Fact]
    public async Task The_order_of_a_child_that_does_not_call_in_time_goes_to_another_mother()
    {
        var mothers = Mothers(patience: TimeSpan.FromSeconds(2));
        var order = Order(mothers);
        _launcher.NextWarm().Expect(order.Token);

        _launcher.NextWarm().Bear(order.Token, 7);

        await order.Launched.WaitAsync(s_limit);
    }

    [Fact]
    public async Task An_order_that_two_mothers_have_failed_is_refused()
    {
        var mothers = Mothers(patience: TimeSpan.FromSeconds(1));
        var order = Order(mothers);
        _launcher.NextWarm();
        _launcher.NextWarm();

        var failed = await Assert.ThrowsAsync<SandboxStartException>(() => order.Launched.WaitAsync(s_limit));

        Assert.Contains("did not call in time", failed.Message, StringComparison.Ordinal);
        Order(mothers);
        _launcher.Next();
    }

    [Fact]
    public async Task The_order_of_a_child_that_ends_before_it_calls_goes_to_another_mother_at_once()
    {
        var mothers = Mothers();
        var order = Order(mothers);
        var mother = _launcher.NextWarm();
        mother.Expect(order.Token);
        mother.Say(new ChildForked(order.Token, 7));
        Assert.Equal(MotherOrder.Reap(7), mother.NextOrder());
        mother.Say(new ChildReaped(7, 71 << 8));

        _launcher.NextWarm().Bear(order.Token, 7);

        await order.Launched.WaitAsync(s_limit);
        await mother.Exited.WaitAsync(s_limit);
    }

    [Fact]
    public async Task An_order_that_is_given_up_ends_its_child()
    {
        var mothers = Mothers();
        var order = Order(mothers);
        var mother = _launcher.NextWarm();
        mother.Expect(order.Token);

        Assert.True(order.TryGiveUp(new CancellationToken(true)));
        mothers.Tell(new GiveUpOrder(order));
        mother.Fork(order.Token, 7);

        Assert.Equal(MotherOrder.Reap(7), mother.NextOrder());
        mother.Say(new ChildReaped(7, 0));
        Assert.Equal(0, await order.Ended.WaitAsync(s_limit));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => order.Launched);
    }

    [Fact]
    public async Task The_end_of_the_server_kills_them_and_answers_every_order()
    {
        var mothers = Mothers();
        var launched = Order(mothers);
        var mother = _launcher.NextWarm();
        mother.Bear(launched.Token, 7);
        await launched.Launched.WaitAsync(s_limit);
        var waiting = Order(mothers);
        mother.Expect(waiting.Token);

        Sys.Stop(mothers);

        await Assert.ThrowsAsync<SandboxStartException>(() => waiting.Launched.WaitAsync(s_limit));
        Assert.Null(await launched.Ended.WaitAsync(s_limit));
        await mother.Exited.WaitAsync(s_limit);
    }

    // What was told to a mother's actor before has come as far as to the actor of all mothers.
    private async Task SettledAsync(IActorRef mothers, string mother)
    {
        await Sys.ActorSelection(mothers.Path / mother).Ask<ActorIdentity>(new Identify(mother), s_limit);
        await mothers.Ask<ActorIdentity>(new Identify(mother), s_limit);
    }

    [Fact]
    public async Task One_without_children_and_orders_goes_after_a_time()
    {
        var mothers = Mothers(maxAge: TimeSpan.FromMilliseconds(300));
        var order = Order(mothers);
        var mother = _launcher.NextWarm();
        mother.Bear(order.Token, 7);
        await order.Launched.WaitAsync(s_limit);
        Assert.False(mother.Exited.IsCompleted);

        mothers.Tell(new ChildEnded(order));
        Assert.Equal(MotherOrder.Reap(7), mother.NextOrder());
        mother.Say(new ChildReaped(7, 0));

        await mother.Exited.WaitAsync(s_limit);
    }

    [Fact]
    public async Task Callers_of_different_keys_have_different_mothers()
    {
        var mothers = Mothers();
        ChildOrder[] orders = [Order(mothers, new ImageKey(Runtime.Node, "a")), Order(mothers, new ImageKey(Runtime.Node, "b"))];
        ScriptedMother[] started = [_launcher.Next(), _launcher.Next()];

        foreach (var order in orders)
        {
            var mother = started.Single(mother => mother.Image == order.Image);
            mother.Say(new MotherWarm());
            mother.Bear(order.Token, 7);
        }

        await Task.WhenAll(orders.Select(order => order.Launched)).WaitAsync(s_limit);
    }

    [Fact]
    public async Task What_all_of_them_hold_is_told_when_it_has_changed()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(MothersHold));
        var mothers = Mothers();
        Order(mothers);
        Order(mothers, new ImageKey(Runtime.Python));
        ScriptedMother[] started = [_launcher.Next(), _launcher.Next()];
        (started[0].MemoryBytes, started[1].MemoryBytes) = (20, 7);
        Array.ForEach(started, mother => mother.Say(new MotherWarm()));
        await FishForMessageAsync<MothersHold>(hold => hold.Bytes == 27, s_limit);

        started[0].MemoryBytes = 30;
        await FishForMessageAsync<MothersHold>(hold => hold.Bytes == 37, s_limit);
        started[0].Die(137);
        await FishForMessageAsync<MothersHold>(hold => hold.Bytes == 7, s_limit);
    }

    private IActorRef Mothers(int mostSandboxes = 300, TimeSpan? patience = null, TimeSpan? maxAge = null) => Sys.ActorOf(
        MothersActor.Props(
            _launcher,
            SandboxTestOptions.Default with
            {
                StartTimeout = patience ?? s_limit,
                Mothers = new MotherOptions(mostSandboxes, maxAge ?? TimeSpan.FromMinutes(10)),
            }));

    private ChildOrder Order(IActorRef mothers, ImageKey? image = null)
    {
        var order = new ChildOrder(image ?? s_node, $"{++_tokens}", ScriptedMother.Walls);
        mothers.Tell(order);
        return order;
    }
}
