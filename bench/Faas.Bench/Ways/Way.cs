using Faas.Bench.Load;
using Faas.Bench.Processes;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>One way of calling a function, measured beside others.</summary>
/// <param name="name">Its name in the tables.</param>
/// <param name="usage">Counts what it uses.</param>
internal abstract class Way(string name, UsageGroup usage)
{
    public string Name => name;
    public UsageGroup Usage => usage;

    /// <summary>True: a call is so slow that fewer are made.</summary>
    public virtual bool IsSlow => false;

    /// <summary>True: a call takes something ready that is then made anew, so calls far apart are faster.</summary>
    public virtual bool HasSpares => false;

    /// <summary>Whether it can run that function, called by so many at once.</summary>
    public virtual bool Serves(Workload workload, int callers) => true;

    /// <summary>Waits, but not for ever, until earlier calls have left no work behind that would slow down the next way's turn.</summary>
    public virtual void Rest(CancellationToken stop)
    {
        // For a way whose work ends with its call.
    }

    public abstract IReadOnlyList<Caller> Open(Workload workload, int callers);
}
