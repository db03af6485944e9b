using Faas.Actors.Pool;

namespace Faas.Actors.Runs.Reply;

/// <summary>The answers to <see cref="SubmitRun"/>.</summary>
public interface IRunReply
{
    /// <summary>The call that is answered.</summary>
    string RunId { get; }
}
