using Faas.Actors.Sandboxes.Launcher;

namespace Faas.Sandbox.Tests.Bubblewrap;

/// <summary><see cref="AttachTests"/> for sandboxes that are started as forks of a mother.</summary>
[Collection(nameof(LauncherUnderTest))]
public sealed class ForkedAttachTests() : AttachTests(LaunchMode.Fork);

/// <summary><see cref="HostUserTests"/> for sandboxes that are started as forks of a mother.</summary>
[Collection(nameof(LauncherUnderTest))]
public sealed class ForkedHostUserTests() : HostUserTests(LaunchMode.Fork);

/// <summary><see cref="InheritanceTests"/> for sandboxes that are started as forks of a mother.</summary>
[Collection(nameof(LauncherUnderTest))]
public sealed class ForkedInheritanceTests() : InheritanceTests(LaunchMode.Fork);

/// <summary><see cref="LimitTests"/> for sandboxes that are started as forks of a mother.</summary>
[Collection(nameof(LauncherUnderTest))]
public sealed class ForkedLimitTests() : LimitTests(LaunchMode.Fork);

/// <summary><see cref="ListenTests"/> for sandboxes that are started as forks of a mother.</summary>
[Collection(nameof(LauncherUnderTest))]
public sealed class ForkedListenTests() : ListenTests(LaunchMode.Fork);

/// <summary><see cref="OrdinaryProgramTests"/> for sandboxes that are started as forks of a mother.</summary>
[Collection(nameof(LauncherUnderTest))]
public sealed class ForkedOrdinaryProgramTests() : OrdinaryProgramTests(LaunchMode.Fork);

/// <summary><see cref="WallTests"/> for sandboxes that are started as forks of a mother.</summary>
[Collection(nameof(LauncherUnderTest))]
public sealed class ForkedWallTests() : WallTests(LaunchMode.Fork);
