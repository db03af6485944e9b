using Akka.Actor;
using Faas.Actors.Keys;
using Faas.Actors.Lending;
using Faas.Actors.Secrets;

namespace Faas.Actors.Sharding;

/// <summary>
/// Borrows the keys and the secrets from their actors for this node, all the time. Each change is sent here, and answered when it is
/// served.
/// </summary>
public sealed class SettingBorrower : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_atStart = TimeSpan.FromMilliseconds(100);
    private readonly LiveKeys _keys;
    private readonly LiveSecrets _secrets;
    private readonly IActorRef _settings;
    private readonly TimeProvider _time;

    /// <summary>Made by the actor system.</summary>
    /// <param name="keys">Shows the keys.</param>
    /// <param name="secrets">Shows the secrets.</param>
    /// <param name="settings">The way to the actors of both.</param>
    /// <param name="time">The clock of the loans.</param>
    public SettingBorrower(LiveKeys keys, LiveSecrets secrets, IActorRef settings, TimeProvider time)
    {
        (_keys, _secrets, _settings, _time) = (keys, secrets, settings, time);
        Receive<Tick>(_ => Ask());
        Receive<KeysLent>(lent =>
        {
            _keys.Borrow(lent, lent.ToState());
            Answer(lent);
        });
        Receive<SecretsLent>(lent =>
        {
            _secrets.Borrow(lent, lent.ToState());
            Answer(lent);
        });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart() => Ask();

    private void Ask()
    {
        var asked = _time.GetTimestamp();
        _settings.Tell(new BorrowKeys(_keys.Borrowed, asked));
        _settings.Tell(new BorrowSecrets(_secrets.Borrowed, asked));
        var isKnown = _keys.Current is not null && _secrets.Current is not null;
        Timers.StartSingleTimer(Tick.Instance, Tick.Instance, isKnown ? s_between : s_atStart);
    }

    private void Answer(Lent lent)
    {
        if (lent.For == TimeSpan.Zero)
        {
            Sender.Tell(new Returned(lent.Id, lent.Revision));
        }
    }

    private sealed class Tick : INoSerializationVerificationNeeded
    {
        public static Tick Instance { get; } = new();
    }
}
