using Akka.Actor;
using Akka.Serialization;

namespace Faas.Actors.Tests.Storage.AkkaPlugins;

/// <summary>An event that cannot be stored.</summary>
public sealed record Unserializable;

/// <summary>Refuses.</summary>
public sealed class UnserializableSerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override int Identifier => 90_001;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => throw new NotSupportedException("this event cannot be stored");

    public override object FromBinary(byte[] bytes, Type type) => throw new NotSupportedException("this event cannot be read");
}
