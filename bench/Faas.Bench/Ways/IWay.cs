using Faas.Bench.Load;
using Faas.Bench.Processes;
using Faas.Bench.Workloads;

namespace Faas.Bench.Ways;

/// <summary>One way of calling a function, measured beside others.</summary>
internal interface IWay : IDisposable
{
    /// <summary>Its name in the tables.</summary>
    string Name { get; }

    /// <summary>True: a call is so slow that fewer are made.</summary>
    bool IsSlow { get; }

    /// <summary>Whether a call finds something ready that is made anew afterwards, so that calls far apart are faster than calls without a pause.</summary>
    bool HasSpares => false;

    /// <summary>What it uses.</summary>
    IUsage Usage { get; }

    /// <summary>Whether it can run that, by so many callers at once.</summary>
    bool Serves(Workload workload, int callers);

    /// <summary>Waits, within bounds, until what earlier calls have set in motion is done, so that the next way's turn is not slowed down by it.</summary>
    void Rest(CancellationToken stop)
    {
        // Most do nothing that outlives a call.
    }

    /// <summary>Callers that are ready to call.</summary>
    IReadOnlyList<ICaller> Open(Workload workload, int callers);
}
