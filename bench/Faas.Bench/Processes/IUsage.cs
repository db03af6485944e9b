namespace Faas.Bench.Processes;

/// <summary>What something that is measured uses of the machine.</summary>
internal interface IUsage
{
    /// <summary>Processor time so far, of processes that have ended, too; only differences mean something.</summary>
    TimeSpan Cpu { get; }

    /// <summary>Its living processes.</summary>
    IReadOnlyList<int> Processes { get; }
}
