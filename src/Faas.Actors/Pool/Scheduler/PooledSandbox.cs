using Faas.Actors.Runs;

namespace Faas.Actors.Pool.Scheduler;

/// <summary>One sandbox as the pool sees it.</summary>
internal sealed class PooledSandbox
{
    private readonly List<PooledRun> _runs = [];

    /// <summary>A sandbox that is being started.</summary>
    public PooledSandbox(long number, PooledImage image, TimeSpan now)
    {
        (Number, Image, Since) = (number, image, now);
        Place = new LinkedListNode<PooledSandbox>(this);
        IdlePlace = new LinkedListNode<PooledSandbox>(this);
    }

    /// <summary>Names it to the pool.</summary>
    public long Number { get; }

    /// <summary>Its name in the log.</summary>
    public string Name => NameOf(Image.Key, Number);

    /// <summary>The run that it got last; null: it got none.</summary>
    public Run? LastRun { get; private set; }

    /// <summary>What it was started as.</summary>
    public PooledImage Image { get; }

    /// <summary>Its place among the starting ones or the spares of its image, or among all idle ones.</summary>
    public LinkedListNode<PooledSandbox> Place { get; }

    /// <summary>Its place among the idle ones of its binding.</summary>
    public LinkedListNode<PooledSandbox> IdlePlace { get; }

    /// <summary>What the pool has it for; <see cref="Fleet"/> decides.</summary>
    public FleetStage Stage { get; private set; } = FleetStage.Starting;

    /// <summary>Since when it is in that stage.</summary>
    public TimeSpan Since { get; private set; }

    /// <summary>What it is bound to; null: to nothing, or it was told to end. <see cref="Fleet"/> decides.</summary>
    public Binding? Binding { get; set; }

    /// <summary>When the present turn of its binding began (<see cref="Turns"/>).</summary>
    public TimeSpan TurnBegan { get; private set; }

    /// <summary>The memory that it holds, as far as is known; <see cref="MemoryBudget"/> decides.</summary>
    public long Bytes { get; set; }

    /// <summary>How many runs it has got.</summary>
    public long Uses { get; private set; }

    /// <summary>What keeping it is worth since it became idle; <see cref="KeepOrder"/> decides.</summary>
    public double Worth { get; set; }

    /// <summary>Whether it is idle and stays, even if it is worth least; <see cref="Fleet"/> decides.</summary>
    public bool IsKept { get; set; }

    /// <summary>The runs that it executes.</summary>
    public IReadOnlyList<PooledRun> Runs => _runs;

    /// <summary>How many runs it may execute at once: 1, or the <see cref="Runs.Run.Concurrency"/> of the run that has bound it.</summary>
    public int Seats { get; private set; } = 1;

    /// <summary>Whether it executes runs, may execute another one at once, and need not give way to another lane.</summary>
    public bool HasRoom => Stage == FleetStage.Busy && Binding is not null && _runs.Count < Seats && !GivesWay;

    /// <summary>Whether it takes no more runs until it has none, because its turn is over (<see cref="Turns"/>).</summary>
    public bool GivesWay { get; set; }

    /// <summary>For an operator to look at.</summary>
    public SandboxView View => new(Name, Image.Key, Stage, Since, Bytes, Uses, LastRun?.Queue, LastRun?.Version, _runs.Count);

    /// <summary>The name of a sandbox in the log.</summary>
    public static string NameOf(ImageKey image, long number) => $"{image.Name}-{number}";

    /// <summary>It goes on to another stage.</summary>
    public void Enter(FleetStage stage, TimeSpan now) => (Stage, Since) = (stage, now);

    /// <summary>A turn of its binding begins.</summary>
    public void BeginTurn(TimeSpan now) => TurnBegan = now;

    /// <summary>It will serve runs such as this one.</summary>
    public void PrepareFor(Run run) => (Seats, LastRun) = (run.Concurrency, run);

    /// <summary>It gets a run.</summary>
    public void Take(PooledRun run, TimeSpan now)
    {
        PrepareFor(run.Run);
        _runs.Add(run);
        Uses++;
        run.Dispatch(this, now);
    }

    /// <summary>It is done with this run, which took <paramref name="service"/>.</summary>
    public void Release(PooledRun run, TimeSpan service)
    {
        Binding?.Served(service);
        run.LeaveSandbox();
        _runs.Remove(run);
        GivesWay &= _runs.Count > 0;
    }
}
