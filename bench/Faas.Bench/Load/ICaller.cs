namespace Faas.Bench.Load;

/// <summary>One client that makes the same call again and again: a connection, a zygote's pipe, or a command line. Used by one thread at a time.</summary>
internal interface ICaller : IDisposable
{
    /// <summary>Makes one call and waits for all of its answer. Throws <see cref="CallFailedException"/> or <see cref="IOException"/> when it is not the right one.</summary>
    void Call();
}

/// <summary>A call was answered, and wrongly; the message says how, in one line.</summary>
internal sealed class CallFailedException(string message) : Exception(message);
