namespace Faas.Actors.Runs.Reply;

/// <summary>What the pool sends back for a run. Each run has exactly one reply.</summary>
public interface IRunReply
{
    /// <summary>The run that the reply is for.</summary>
    string RunId { get; }
}
