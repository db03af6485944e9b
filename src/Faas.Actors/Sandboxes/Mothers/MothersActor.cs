using System.Diagnostics;
using System.Globalization;
using Akka.Actor;
using Faas.Actors.Runs;
using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Actors.Sandboxes.Mothers;

/// <summary>
/// All mothers of a server: the parent of their actors. It gives each order to the mother whose turn it is (<see cref="Rota{T}"/>), and
/// starts and retires mothers.
/// </summary>
public sealed class MothersActor : ReceiveActor
{
    private readonly IMotherLauncher _launcher;
    private readonly SandboxOptions _options;
    private readonly Dictionary<ImageKey, Rota<IActorRef>> _rotas = [];
    private readonly Dictionary<IActorRef, ImageKey> _images = [];
    private readonly Dictionary<IActorRef, long> _bytes = [];
    private readonly long _origin = Stopwatch.GetTimestamp();
    private int _number;

    /// <summary>Use <see cref="Props(IMotherLauncher, SandboxOptions)"/>.</summary>
    public MothersActor(IMotherLauncher launcher, SandboxOptions options)
    {
        (_launcher, _options) = (launcher, options);
        Receive<ChildOrder>(OnOrder);
        Receive<GiveUpOrder>(given => given.Order.Mother.Forward(given));
        Receive<ChildEnded>(ended => ended.Order.Mother.Forward(ended));
        Receive<MotherIsWarm>(_ => OnWarm(Sender));
        Receive<MotherRetires>(_ => OnLeft(Sender));
        Receive<MotherHolds>(holds => OnMeasured(Sender, holds.Bytes));
        Receive<MotherIsDead>(_ => Sender.Tell(PoisonPill.Instance)); // after the orders that are already on their way to it
        Receive<Terminated>(gone => OnGone(gone.ActorRef));
    }

    private TimeSpan Now => Stopwatch.GetElapsedTime(_origin);

    /// <summary>The actor of all mothers.</summary>
    public static Props Props(IMotherLauncher launcher, SandboxOptions options) =>
        Akka.Actor.Props.Create(() => new MothersActor(launcher, options));

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => Akka.Actor.SupervisorStrategy.StoppingStrategy;

    private void OnOrder(ChildOrder order)
    {
        var image = order.Image.ToMother();
        var rota = RotaOf(image);
        if (rota.NeedsStart(Now))
        {
            rota = rota.Started(Start(image), Now);
        }

        _rotas[image] = rota.Ordered();
        order.Mother = rota.Current!;
        order.Mother.Forward(order);
    }

    private void OnWarm(IActorRef mother)
    {
        var image = _images[mother];
        (_rotas[image], var retiring) = RotaOf(image).Warmed(mother, Now);
        retiring?.Tell(RetireMother.Instance);
    }

    private void OnLeft(IActorRef mother)
    {
        var image = _images[mother];
        _rotas[image] = RotaOf(image).Left(mother, Now);
    }

    private void OnGone(IActorRef mother)
    {
        OnLeft(mother);
        _images.Remove(mother);
        if (_bytes.Remove(mother))
        {
            Publish();
        }
    }

    private void OnMeasured(IActorRef mother, long bytes)
    {
        if (_images.ContainsKey(mother) && _bytes.GetValueOrDefault(mother) != bytes)
        {
            _bytes[mother] = bytes;
            Publish();
        }
    }

    private void Publish() => Context.System.EventStream.Publish(new MothersHold(_bytes.Values.Sum(), _bytes.Count));

    private IActorRef Start(ImageKey image)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{image.Name}-{++_number}");
        var mother = Context.ActorOf(MotherActor.Props(image, _launcher, _options.StartTimeout, _options.Mothers.MaxAge), name);
        Context.Watch(mother);
        _images[mother] = image;
        return mother;
    }

    private Rota<IActorRef> RotaOf(ImageKey image) =>
        _rotas.GetValueOrDefault(image) ?? new Rota<IActorRef>(_options.Mothers.MaxSandboxes, _options.Mothers.MaxAge);
}
