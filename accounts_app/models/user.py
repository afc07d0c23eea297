from typing import Any, ClassVar

import pghistory
from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ACCOUNT_MANAGER = "account_manager", _("Account manager")
    SALES_LEADER = "sales_leader", _("Sales leader")
    OPERATIONS = "operations", _("Operations")
    ADMINISTRATOR = "administrator", _("Administrator")
    READ_ONLY = "read_only", _("Read-only")


@pghistory.track()
class Team(models.Model):
    name = models.CharField(max_length=80, unique=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Users log in by e-mail address, in any case."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=email.lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **({"role": Role.ADMINISTRATOR} | fields))


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractUser):
    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"), unique=True)
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.READ_ONLY)
    teams: "models.ManyToManyField[Team, Membership]" = models.ManyToManyField(
        Team, through="Membership", related_name="members"
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_known"),
        )

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        """`J. Okafor`, for lists; `F. de Wit` keeps what belongs to the last name."""
        first, *others = self.name.split() or [""]
        last = next((n for n, word in enumerate(others) if word[0].islower()), len(others) - 1)
        return f"{first[0]}. {' '.join(others[last:])}" if others else first

    # The role alone decides who may enter the admin site; there is no second place that could say otherwise.
    @property
    def is_staff(self) -> bool:  # type: ignore[override]
        return self.role == Role.ADMINISTRATOR

    @property
    def is_superuser(self) -> bool:  # type: ignore[override]
        return self.role == Role.ADMINISTRATOR

    @property
    def may_see_money(self) -> bool:
        return self.role != Role.OPERATIONS


@pghistory.track()
class Membership(models.Model):
    """Which teams a user works in, leads or may look at; what that allows follows from the role."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("user", "team"), name="membership_once"),)

    def __str__(self) -> str:
        return f"{self.user} · {self.team}"
