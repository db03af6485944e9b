namespace Faas.Actors.UseCases.Kept;

/// <summary>The servers that share the store of kept runs, as this one sees them.</summary>
public interface IKeptNodes
{
    /// <summary>The name of this server among them.</summary>
    string Own { get; }

    /// <summary>Whether there may be others.</summary>
    bool IsShared { get; }

    /// <summary>Whether this server may take runs at the moment.</summary>
    bool MayWork { get; }

    /// <summary>Whether a server of this name is one of them.</summary>
    bool Has(string node);
}

/// <summary>A server that has the store for itself. Whatever another name stands for has ended.</summary>
public sealed class SoleNode : IKeptNodes
{
    /// <inheritdoc/>
    public string Own { get; } = Environment.MachineName;

    /// <inheritdoc/>
    public bool IsShared => false;

    /// <inheritdoc/>
    public bool MayWork => true;

    /// <inheritdoc/>
    public bool Has(string node) => node == Own;
}
