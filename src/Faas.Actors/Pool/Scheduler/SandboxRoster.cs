using System.Diagnostics.CodeAnalysis;
using Faas.Actors.Scripts;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>
/// The sandboxes that are alive, each in one stage; starting, spare and idle ones in the order in which they got
/// there, which for the idle is also the order of their last use. Every question costs the same however many there are.
/// </summary>
internal sealed class SandboxRoster
{
    private static readonly int s_runtimes = Enum.GetValues<Runtime>().Length;

    private readonly Dictionary<long, PooledSandbox> _alive = [];
    private readonly LinkedList<PooledSandbox>[] _starting = [.. Enumerable.Range(0, s_runtimes).Select(_ => new LinkedList<PooledSandbox>())];
    private readonly LinkedList<PooledSandbox>[] _spare = [.. Enumerable.Range(0, s_runtimes).Select(_ => new LinkedList<PooledSandbox>())];
    private readonly LinkedList<PooledSandbox> _idle = new();
    private readonly Dictionary<string, Binding> _bindings = [];

    private long _number;

    /// <summary>All of them, the closing ones included.</summary>
    public int Alive => _alive.Count;

    /// <summary>Those that run a call.</summary>
    public int Busy { get; private set; }

    /// <summary>Those that are told to end, but have not.</summary>
    public int Closing { get; private set; }

    /// <summary>The idle ones, least recently used first.</summary>
    public LinkedList<PooledSandbox> Idle => _idle;

    /// <summary>Every one of them.</summary>
    public IReadOnlyCollection<PooledSandbox> All => _alive.Values;

    /// <summary>The starting ones, oldest first.</summary>
    public LinkedList<PooledSandbox> StartingOf(Runtime runtime) => _starting[(int)runtime];

    /// <summary>The spare ones, oldest first.</summary>
    public LinkedList<PooledSandbox> SparesOf(Runtime runtime) => _spare[(int)runtime];

    /// <summary>The idle one that this code used last.</summary>
    public PooledSandbox? IdleFor(string code) => _bindings.GetValueOrDefault(code)?.Idle.Last?.Value;

    /// <summary>Whether a sandbox that will live on is bound to this code.</summary>
    public bool HasBound(string code) => _bindings.ContainsKey(code);

    /// <summary>When a call that comes behind so many others of this code would find one of its sandboxes free, by what calls have taken; null: no telling.</summary>
    public TimeSpan? WaitFor(string code, int others) =>
        _bindings.GetValueOrDefault(code) is { Service.Value: { } service } binding ? service * (others + 1) / binding.Sandboxes : null;

    /// <summary>A call of this code has kept a sandbox for so long.</summary>
    public void Served(string code, TimeSpan service) => _bindings[code].Service.Measured(service);

    /// <summary>Finds a living sandbox.</summary>
    public bool TryGet(long number, [NotNullWhen(true)] out PooledSandbox? sandbox) => _alive.TryGetValue(number, out sandbox);

    /// <summary>A new one, starting.</summary>
    public PooledSandbox Add(Runtime runtime, TimeSpan now)
    {
        var sandbox = new PooledSandbox(_number++, runtime) { Stage = SandboxStage.Starting, Since = now };
        _alive.Add(sandbox.Number, sandbox);
        _starting[(int)runtime].AddLast(sandbox.Place);
        return sandbox;
    }

    /// <summary>It goes on to another stage.</summary>
    public void Enter(PooledSandbox sandbox, SandboxStage stage, TimeSpan now)
    {
        Leave(sandbox);
        (sandbox.Stage, sandbox.Since) = (stage, now);
        switch (stage)
        {
            case SandboxStage.Spare:
                _spare[(int)sandbox.Runtime].AddLast(sandbox.Place);
                break;
            case SandboxStage.Idle:
                _idle.AddLast(sandbox.Place);
                _bindings[sandbox.Code!].Idle.AddLast(sandbox.IdlePlace);
                break;
            case SandboxStage.Busy:
                Busy++;
                break;
            case SandboxStage.Closing:
                Closing++;
                Unbind(sandbox);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(stage), stage, "No sandbox goes back to this stage.");
        }
    }

    /// <summary>Ties it to the code for the rest of its life.</summary>
    public void Bind(PooledSandbox sandbox, string code)
    {
        if (!_bindings.TryGetValue(code, out var binding))
        {
            _bindings.Add(code, binding = new Binding());
        }

        binding.Sandboxes++;
        sandbox.Code = code;
    }

    /// <summary>It is gone.</summary>
    public void Remove(PooledSandbox sandbox)
    {
        Leave(sandbox);
        Unbind(sandbox);
        _alive.Remove(sandbox.Number);
    }

    private void Leave(PooledSandbox sandbox)
    {
        switch (sandbox.Stage)
        {
            case SandboxStage.Idle:
                _bindings[sandbox.Code!].Idle.Remove(sandbox.IdlePlace);
                _idle.Remove(sandbox.Place);
                break;
            case SandboxStage.Busy:
                Busy--;
                break;
            case SandboxStage.Closing:
                Closing--;
                break;
            default:
                sandbox.Place.List!.Remove(sandbox.Place);
                break;
        }
    }

    private void Unbind(PooledSandbox sandbox)
    {
        if (sandbox.Code is { } code && --_bindings[code].Sandboxes == 0)
        {
            _bindings.Remove(code);
        }

        sandbox.Code = null;
    }

    private sealed class Binding
    {
        public int Sandboxes { get; set; }

        public LinkedList<PooledSandbox> Idle { get; } = new();

        public RecentMean Service { get; } = new();
    }
}
