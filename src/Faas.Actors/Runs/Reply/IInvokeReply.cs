using Faas.Actors.Pool;

namespace Faas.Actors.Runs.Reply;

/// <summary>The answers to <see cref="Invoke"/>.</summary>
public interface IInvokeReply
{
    /// <summary>The call that is answered.</summary>
    string CallId { get; }
}
