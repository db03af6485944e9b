using Faas.Actors.UseCases.Kept;

namespace Faas.Actors.Tests.UseCases.Kept;

/// <summary>A server, alone or in a cluster with another member.</summary>
internal sealed class NodesOnPaper : IKeptNodes
{
    private volatile bool _mayWork = true;

    public string Own => "here";

    public bool IsShared { get; set; }

    public bool MayWork
    {
        get => _mayWork;
        set => _mayWork = value;
    }

    public bool Has(string node) => node is "here" or "member";
}
