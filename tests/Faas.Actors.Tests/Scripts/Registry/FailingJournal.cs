using System.Collections.Immutable;
using Akka.Persistence;
using Akka.Persistence.Journal;

namespace Faas.Actors.Tests.Scripts.Registry;

/// <summary>A journal that fails when a test says so.</summary>
public sealed class FailingJournal : MemoryJournal
{
    /// <summary>
    /// What fails: read, write, reject, or (after the write) lose the reply. Tests that use the journal are of one collection, named
    /// after it, so they run one after the other.
    /// </summary>
    public static string Fails { get; set; } = "";

    /// <summary>The settings of an actor system that uses it.</summary>
    public static string Settings { get; } =
        $$"""
        akka.loglevel = OFF
        akka.stdout-loglevel = OFF
        akka.persistence.journal.plugin = failing
        failing { class = "{{typeof(FailingJournal).AssemblyQualifiedName}}", plugin-dispatcher = "akka.actor.default-dispatcher" }
        """;

    public override Task<long> ReadHighestSequenceNrAsync(string persistenceId, long fromSequenceNr, CancellationToken cancellationToken) =>
        Fails == "read"
        ? Task.FromException<long>(new TimeoutException("the journal does not answer"))
        : base.ReadHighestSequenceNrAsync(persistenceId, fromSequenceNr, cancellationToken);

    protected override Task<IImmutableList<Exception>> WriteMessagesAsync(
        IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken) =>
        Fails switch
        {
            "write" => Task.FromException<IImmutableList<Exception>>(new TimeoutException("the journal does not answer")),
            "lose the reply" => LostAsync(messages, cancellationToken),
            "reject" => Task.FromResult<IImmutableList<Exception>>(
                [.. messages.Select(_ => new InvalidOperationException("not storable"))]),
            _ => base.WriteMessagesAsync(messages, cancellationToken),
        };

    private async Task<IImmutableList<Exception>> LostAsync(IEnumerable<AtomicWrite> messages, CancellationToken cancellationToken)
    {
        await base.WriteMessagesAsync(messages, cancellationToken);
        throw new TimeoutException("the journal does not answer");
    }
}
