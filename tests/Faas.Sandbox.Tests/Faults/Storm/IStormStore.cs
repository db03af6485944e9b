namespace Faas.Sandbox.Tests.Faults.Storm;

/// <summary>A store of a server, and what happens to it.</summary>
internal interface IStormStore : IAsyncDisposable
{
    /// <summary>What sends a server to it.</summary>
    (string Name, string Value)[] Environment { get; }

    /// <summary>What happens to it.</summary>
    IReadOnlyList<Fault> Faults { get; }
}
