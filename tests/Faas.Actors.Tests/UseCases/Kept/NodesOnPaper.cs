using Faas.Actors.UseCases.Kept;

namespace Faas.Actors.Tests.UseCases.Kept;

/// <summary>A server, alone or in a cluster with another member.</summary>
internal sealed class NodesOnPaper : IKeptNodes
{
    private volatile bool _mayWork = true;
    private int _asked;

    public string Own => "here";

    public bool IsShared { get; set; }

    /// <summary>How often the server has looked whether it may work.</summary>
    public int Asked => Volatile.Read(ref _asked);

    public bool MayWork
    {
        get
        {
            Interlocked.Increment(ref _asked);
            return _mayWork;
        }

        set => _mayWork = value;
    }

    public bool Has(string node) => node is "here" or "member";
}
