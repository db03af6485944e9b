using System.Threading.Channels;
using Akka.Actor;

namespace Faas.Http.Tests.Testing;

/// <summary>An actor that a test writes: it answers by a function and keeps every message for the test to look at.</summary>
public sealed class ScriptedActor
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);
    private readonly Channel<object> _received = Channel.CreateUnbounded<object>();

    /// <summary>What to answer to a message; null: nothing; an array: each of it.</summary>
    public Func<object, object?> Answer { get; set; } = _ => null;

    public IActorRef Start(ActorSystem system, string name) =>
        system.ActorOf(Props.Create(() => new Shell(this)), name);

    /// <summary>The next message of the type, waited for; others before it are dropped.</summary>
    public async Task<T> Next<T>()
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            if (await _received.Reader.ReadAsync(patience.Token) is T wanted)
            {
                return wanted;
            }
        }
    }

    /// <summary>Messages that have arrived and were not taken.</summary>
    public IReadOnlyList<object> Rest()
    {
        var rest = new List<object>();
        while (_received.Reader.TryRead(out var message))
        {
            rest.Add(message);
        }

        return rest;
    }

    private sealed class Shell : ReceiveActor
    {
        public Shell(ScriptedActor script) => ReceiveAny(message =>
        {
            script._received.Writer.TryWrite(message);
            switch (script.Answer(message))
            {
                case null:
                    break;
                case Task<object> later:
                    later.PipeTo(Sender);
                    break;
                case object[] several:
                    Array.ForEach(several, one => Sender.Tell(one));
                    break;
                case var answer:
                    Sender.Tell(answer);
                    break;
            }
        });
    }
}
