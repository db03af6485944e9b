using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;

namespace Faas.Http.Server.Doctor;

/// <summary>Writes what actors log to stderr, because stdout carries the doctor's tables alone.</summary>
public sealed class StderrLogger : ReceiveActor, IRequiresMessageQueue<ILoggerMessageQueueSemantics>
{
    /// <summary>Akka makes it.</summary>
    public StderrLogger()
    {
        Receive<InitializeLogger>(_ => Sender.Tell(new LoggerInitialized()));
        Receive<LogEvent>(said => Console.Error.WriteLine($"{said.LogLevel().ToString().ToUpperInvariant()[..^5]}: {said.Message}"));
    }

    /// <summary>The setting that makes it the logger of an actor system.</summary>
    public static string Hocon { get; } = $"akka.loggers = [\"{typeof(StderrLogger).AssemblyQualifiedName}\"]";
}
