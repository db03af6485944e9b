using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using Faas.Actors.Threads;
using Xunit;

namespace Faas.Actors.Tests.Threads;

/// <summary>Tests actors that run on the threads that send to them.</summary>
public class CallerThreadExecutorTests() : TestKit(ConfigurationFactory.ParseString(
    $$"""callers { type = Dispatcher, executor = "{{typeof(CallerThreadExecutorConfigurator).AssemblyQualifiedName}}" }"""))
{
    [Fact]
    public void An_actor_has_done_its_work_when_the_call_that_told_it_returns()
    {
        var counter = OnCallers<Counter>("counter");
        counter.Tell(0);
        ExpectMsg<(int, int)>(); // the first message may be handled on the thread that started the actor

        counter.Tell(1);
        counter.Tell(2);

        ExpectMsg((1, Environment.CurrentManagedThreadId));
        ExpectMsg((3, Environment.CurrentManagedThreadId));
    }

    [Fact]
    public void Actors_that_tell_one_another_are_never_entered_twice()
    {
        var pong = OnCallers<Echo>("pong");
        var ping = Sys.ActorOf(Props.Create(() => new Player(pong, TestActor)).WithDispatcher("callers"), "ping");

        ping.Tell(1000);

        ExpectMsg("done");
    }

    [Fact]
    public async Task No_message_of_many_threads_is_lost_or_handled_beside_another()
    {
        const int Threads = 8;
        const int Each = 2000;
        var counter = OnCallers<Counter>("counter");

        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Run(() =>
        {
            for (var told = 0; told < Each; told++)
            {
                counter.Tell(1, ActorRefs.Nobody);
            }
        })));
        counter.Tell(0);

        Assert.Equal(Threads * Each, (await ExpectMsgAsync<(int Sum, int Thread)>()).Sum);
    }

    private IActorRef OnCallers<T>(string name)
        where T : ActorBase, new() => Sys.ActorOf(Props.Create<T>().WithDispatcher("callers"), name);

    private sealed class Counter : ReceiveActor
    {
        private int _sum;

        public Counter() => Receive<int>(more =>
        {
            _sum += more;
            Sender.Tell((_sum, Environment.CurrentManagedThreadId));
        });
    }

    private sealed class Echo : ReceiveActor
    {
        public Echo() => ReceiveAny(message => Sender.Tell(message));
    }

    private sealed class Player : ReceiveActor
    {
        private bool _isIn;

        public Player(IActorRef other, IActorRef whoWatches) => Receive<int>(left =>
        {
            Assert.False(_isIn);
            _isIn = true;
            if (left == 0)
            {
                whoWatches.Tell("done");
            }
            else
            {
                other.Tell(left - 1);
            }

            _isIn = false;
        });
    }
}
